export { resync, type ResyncFilter } from './delta/resync.ts';
export { copyDatabase, openLogNotes, sealDatabase } from './drivers/sqlite/copy.ts';
export { damageOf } from './drivers/sqlite/database.ts';
export {
  DEDUPE_WINDOW,
  type EventLogOptions,
  type LogFile,
  openEventLog,
} from './drivers/sqlite/event-log.ts';
export { openStateStore, sqliteSupports, type StateStoreOptions } from './drivers/sqlite/state-store.ts';
export { openWorkspaceStore, type WorkspaceStoreOptions } from './drivers/sqlite/workspace-store.ts';
export { createMemoryWorkspace, type MemoryWorkspaceOptions } from './drivers/memory/workspace-store.ts';
export { backoff, type BackoffInput } from './engine/backoff.ts';
export { createEngine } from './engine/create.ts';
export type {
  Engine,
  EngineInput,
  EngineLogger,
  LaneHold,
  LaneLimits,
  LaneStatus,
  ReasonPolicy,
  RetryPolicy,
  StepReport,
} from './engine/engine.ts';
export type { SealingBox } from './instance/kept.ts';
export { LANE_LIMITS, RETRY_POLICY } from './engine/policy.ts';
export { secretsIn, secretsOf } from './request/secrets.ts';
export {
  createGovernor,
  type Gate,
  type GateInput,
  type Governor,
  type GovernorInput,
  type Turn,
} from './governor/governor.ts';
export { discardDeadLetters } from './discard.ts';
export {
  createTally,
  type Forecast,
  forecastDeadLetters,
  type PeriodChunk,
  type PeriodFilter,
  replayChunk,
  replayDeadLetters,
  type Tally,
} from './replay.ts';
export { isInternalAddress } from './request/address.ts';
export { createRedactor, REDACTED, type Redactor } from './request/redact.ts';
export {
  createRequest,
  type Exchange,
  type RecordedRequest,
  RECORDED_BODY,
  REQUEST_TIMEOUT,
  type RequestOptions,
} from './request/request.ts';
export {
  createTransport,
  MAX_RESPONSE_BYTES,
  type Transport,
  type TransportOptions,
} from './request/transport.ts';
export { logOf } from './drivers/sqlite/log.ts';
export type { Lease, Leases } from './stores/leases.ts';
export type {
  Carried,
  CarriedWrite,
  Carry,
  Log,
  LogEntry,
  LogQuery,
  Timer,
  TimerFilter,
  TimerWrite,
} from './stores/log.ts';
export type {
  Appended,
  ConflictFilter,
  ConflictRow,
  DeadLetterFilter,
  DeadLetterRow,
  EventLog,
  ExchangeRow,
  FinalStatus,
  GapFilter,
  GapRow,
  KeptRow,
  KeptWrite,
  LaneStats,
  LogExtent,
  LoggedEvent,
  MemoryFilter,
  MemoryPlace,
  MemorySpace,
  MemoryWrite,
  OutcomeRow,
  Pruned,
  PruneLimits,
  RetryRow,
  Settlement,
  StateLimits,
  StatePruned,
  StateSizes,
  StateStore,
  StoreSupports,
} from './store/port.ts';
export { type Story, storyOf, type StoryStep } from './story.ts';
export { type OpenedStores, storeSuite, type StoreSuiteInput } from './store/suite.ts';
export type { SuiteTools } from './stores/suite/tools.ts';
export { workspaceSuite, type WorkspaceSuiteInput } from './stores/suite/workspace.ts';
export {
  type Committed,
  type NewestFirst,
  type StaleWrite,
  type WorkspaceAuthor,
  type WorkspaceChange,
  type WorkspaceItem,
  type WorkspaceRetention,
  type WorkspaceStore,
  type WorkspaceVersion,
  type WorkspaceWrite,
  WORKSPACE_RETENTION,
} from './stores/workspace.ts';
