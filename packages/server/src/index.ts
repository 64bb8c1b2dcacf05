export { MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES, type ServerConfig } from './config.ts';
export { loadDestinations } from './destinations.ts';
export { Failure } from './failure.ts';
export {
  duplicate,
  isDestinationPackage,
  loadModule,
  packageEntry,
  type LoadedModule,
  type ModuleFailure,
} from './modules.ts';
export { backUp, type BackupManifest, checkBackup, restoreBackup } from './folder/backup.ts';
export { type DataFolder, openDataFolder } from './folder/open.ts';
export { formatPlace, parsePlace, type Place } from './text/place.ts';
export {
  at,
  duplicateKeys,
  jsonSource,
  positionOf,
  type JsonFault,
  type Position,
  type Source,
} from './text/source.ts';
export { startServer, type Server } from './server.ts';
export { RETENTION, type RetentionLimits } from './retention.ts';
export { ADMISSION_LIMITS, type AdmissionLimits } from './admission/admission.ts';
