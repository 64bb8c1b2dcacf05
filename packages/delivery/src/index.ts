export { resync, type ResyncFilter } from './delta/resync.ts';
export { createLaneMemory } from './delta/lane-memory.ts';
export { backoff, type BackoffInput } from './engine/backoff.ts';
export { type CallResult, makeCall } from './engine/call.ts';
export { createEngine } from './engine/create.ts';
export type { AskedChoices, ReadChoices } from './engine/choices.ts';
export type {
  Account,
  AskedHook,
  BroughtCode,
  Connected,
  Dropped,
  Engine,
  EngineInput,
  EngineLogger,
  LaneHold,
  LaneLimits,
  LaneStatus,
  ReasonPolicy,
  Rehearsal,
  RetryPolicy,
  StepReport,
  TestedConnection,
} from './engine/engine.ts';
export type { KeptAudience } from './instance/kept-audience.ts';
export type { InTurn, SealingBox } from './instance/kept.ts';
export { LANE_LIMITS, RETRY_POLICY } from './engine/policy.ts';
export { DELAYS_OF } from './engine/settlement.ts';
export { secretsIn, secretsOf } from './request/secrets.ts';
export {
  createGovernor,
  type EndpointStatus,
  type Gate,
  type GateInput,
  type Governor,
  type GovernorInput,
  type Turn,
} from './governor/governor.ts';
export { type DeadLetterGroup, type DeadLetterGroups, groupDeadLetters } from './dead-letter-groups.ts';
export { correctionsOf, eventsOf } from './corrections.ts';
export { discardDeadLetters } from './discard.ts';
export { type ReplayProgress, replayProgress } from './replay-progress.ts';
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
export { createReach } from './request/reach.ts';
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
export { dealtWith, type PartitionCursor, type Standing, type Standings, standingsOf } from './standing.ts';
export { openStores, openTransfer, storeStanding, writeBack } from './open-stores.ts';
export type { StoreStanding } from './stores/store-standing.ts';
export { type CopyReport, copyStores, type CopyOutcome, type CopyProgress } from './copy.ts';
export type { CopyNoun, Transfer, TransferOptions } from './stores/transfer.ts';
export {
  createInstallation,
  type Installation,
  type MemoryOptions,
  type MemoryStores,
} from './drivers/memory/stores.ts';
export { shareOut } from './share-out.ts';
export { type PartAsk, type PartHeld, partOf } from './stores/limit-parts.ts';
export type { Letter, Peers, Signal } from './stores/peers.ts';
export type { Lease, Leases } from './stores/leases.ts';
export type {
  Appended,
  Carried,
  CarriedOf,
  CarriedWrite,
  Carry,
  Log,
  LogEntry,
  LogExtent,
  LoggedEvent,
  LogQuery,
  LogSpan,
  Period,
  Pruned,
  PruneLimits,
  Timer,
  TimerFilter,
  TimerWrite,
} from './stores/log.ts';
export type {
  ConflictFilter,
  ConflictRow,
  Correction,
  CorrectionRow,
  DeadLetterFilter,
  DeadLetterRow,
  ExchangeRow,
  FinalStatus,
  GapFilter,
  GapRow,
  KeptRow,
  KeptWrite,
  LaneStats,
  MemoryFilter,
  MemoryPlace,
  MemorySpace,
  MemoryWrite,
  OutcomeRow,
  RetryRow,
  Settlement,
  StateLimits,
  StatePruned,
  StateSizes,
} from './stores/rows.ts';
export { type Story, storyOf, type StoryStep } from './story.ts';
export type { LaneKey, LanePlace, RetryFilter, State } from './stores/state.ts';
export {
  DEDUPE_WINDOW,
  type StorePart,
  type Stores,
  type StoresOptions,
  type WriteBack,
  type StoreSupports,
} from './stores/stores.ts';
export { storeSuite } from './stores/suite/suite.ts';
export type { StoreSuiteInput, SuiteTools } from './stores/suite/tools.ts';
export {
  type Committed,
  type NewestFirst,
  type StaleWrite,
  type WorkspaceAuthor,
  type WorkspaceChange,
  type WorkspaceItem,
  type WorkspaceRetention,
  type WorkspaceStore,
  type KeptSession,
  type WorkspaceVersion,
  type WorkspaceWrite,
  WORKSPACE_RETENTION,
} from './stores/workspace.ts';
export { toWork, type Work } from './work.ts';
