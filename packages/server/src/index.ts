export { MAX_BATCH_BYTES, type ServerConfig } from './config.ts';
export { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '@waybill/ingest';
export { loadDestinations } from './destinations.ts';
export { openSite, type Site } from './console/site.ts';
export { Failure } from './failure.ts';
export { copyStore, type StoreCopied } from './folder/store-copy.ts';
export {
  backUp,
  type BackupManifest,
  type BackupProgress,
  checkBackup,
  restoreBackup,
} from './folder/backup.ts';
export { type DataFolder, openDataFolder } from './folder/open.ts';
export { startServer, type Server } from './server.ts';
export { RETENTION, type RetentionLimits } from './retention.ts';
export { ADMISSION_LIMITS, type AdmissionLimits } from './admission/admission.ts';
