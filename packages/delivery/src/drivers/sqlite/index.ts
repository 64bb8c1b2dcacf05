export { copyDatabase, openLogNotes, sealDatabase } from './copy.ts';
export { damageOf } from './database.ts';
export { type EventLogOptions, type LogFile, openEventLog } from './event-log.ts';
export { type FileLock, takeFileLock } from './file-lock.ts';
export { logOf } from './log.ts';
export { openStateStore, type StateFile, type StateStoreOptions } from './state-store.ts';
export { stateOf } from './state.ts';
export { openStores } from './stores.ts';
export { openWorkspaceStore, type WorkspaceFile, type WorkspaceStoreOptions } from './workspace-store.ts';
