export {
  ApiError,
  type BrowserSession,
  createClient,
  type Client,
  type ClientOptions,
  type PathOf,
  type Versioned,
} from './client.ts';
export { openApi } from './openapi.ts';
export { routesPage } from './page.ts';
export { allows, type Role, ROLES } from './role.ts';
export { EVERYWHERE, type Route } from './route.ts';
export {
  type AnswerOf,
  type BodyOf,
  type QueryOf,
  roleOf,
  routeOf,
  ROUTES,
  type RouteName,
} from './routes.ts';
export type { Schema, TypeOf } from './schema.ts';
export type { Audience, AudienceDryRun, KeptAudience } from './audiences.ts';
export type { About, WorkspacePlan } from './about.ts';
export type { DeadLetter, DeadLetterGroups, DeadLetterReplay, WholeDeadLetter } from './dead-letters.ts';
export type { Definition } from './definitions.ts';
export type { DeletionRecord } from './deletions.ts';
export type { DeliveryStatus, Stats } from './delivery.ts';
export type { Exchange, FoundEvent, FoundEvents, LoggedEvent, Refusal, Step, Story } from './events.ts';
export type { Lane, WaitingItem } from './lanes.ts';
export type { Failure } from './issues.ts';
export type { Account } from './oauth.ts';
export type { Overview, OverviewCounts } from './overview.ts';
export type { ReconciliationAnswer } from './reconcile.ts';
export type { Replay } from './replays.ts';
export type { Shape } from './shapes.ts';
export type { ProcessorStatus, ProcessorUser, Recomputation } from './processors.ts';
export type { Stream } from './sources.ts';
export { type StreamMessage, type StreamMessages, type Topic, TOPICS } from './stream.ts';
export type { NewToken, Session, Token } from './tokens.ts';
export type { Violation } from './tracking-plans.ts';
export type { SentTest, Tried, TriedEvent } from './try.ts';
export type { FieldConflict } from './users.ts';
export type { Change, FullVersion, Version } from './versions.ts';
export type { Destination, Draft, KeptSecret, ShownWorkspace, Source } from './workspace.ts';
