export { planCalls, splitBatch, type Call, type CallRule, type PlannedItem } from './batch/plan.ts';
export {
  defineAction,
  defineHook,
  defineFields,
  type Action,
  type ActionDefinition,
  type BatchRule,
  type DeltaRule,
  type Item,
  type SendContext,
} from './define/action.ts';
export {
  audienceWithoutId,
  type Audience,
  type AudienceAnswer,
  type AudienceMode,
  type Audiences,
} from './define/audience.ts';
export { isModeOf, SYNC_MODES, type SyncMode, type SyncModes } from './define/sync-mode.ts';
export {
  DEFAULT_MAX_MAPPINGS,
  defineDestination,
  findDestination,
  isDestination,
  type ConnectionResult,
  type ConsentPeriod,
  type ConsentsSaid,
  type DeletionRequest,
  type Destination,
  type DestinationDefinition,
} from './define/destination.ts';
export { DefinitionError } from './define/definition.ts';
export {
  defineProcessor,
  type AnyProgress,
  type DerivedEvent,
  type Earlier,
  type FiredTimer,
  type Processor,
  type ProcessorContext,
  type ProcessorDefinition,
  type Progress,
} from './define/processor.ts';
export type {
  CallsLeft,
  FeedPage,
  ConsentWrite,
  Hint,
  HintAnswer,
  RowKey,
  RowPage,
  RowQuery,
  Shop,
  ShopCapability,
  ShopFailure,
  ShopFeed,
  ShopLimits,
  ShopStream,
  UnreadablePart,
} from './define/shop/stream.ts';
export type {
  Reached,
  SourceContext,
  SourceNote,
  SourcePlace,
  SourceValue,
  SourceValues,
  WebhookRequest,
} from './define/source-context.ts';
export {
  defineSource,
  isSource,
  TRACKING,
  type Source,
  type SourceDefinition,
  type SourceEvent,
  type Stream,
  type StreamPage,
  type StreamPlace,
  type WebhookAnswer,
} from './define/source.ts';
export { completeItems, isIncomplete, lacksDerivation, type CompletedItem } from './complete.ts';
export {
  identifierMembers,
  type IdentifierMembers,
  identifiersAt,
  type MemberIdentifiers,
} from './identity/members.ts';
export type { Derivation, DerivedPayload } from './define/derive.ts';
export { findDynamic, KEYS, VALUES } from './define/dynamic.ts';
export type { DynamicAnswer, DynamicChoice, DynamicField, DynamicQuestion } from './define/dynamic.ts';
export { hookOutputs, HOOKS, keptHook } from './define/hook.ts';
export type {
  Hook,
  HookAnswer,
  HookDefinition,
  HookName,
  HookOutputs,
  HookQuestion,
  Hooks,
  KeptHook,
} from './define/hook.ts';
export type {
  Field,
  FieldCondition,
  FieldConditions,
  FieldFormat,
  Fields,
  FieldType,
  Json,
  Payload,
  ValueOf,
} from './define/fields.ts';
export { headerOf, type HttpCall, type HttpFailure, type HttpResponse, type Request } from './define/http.ts';
export { type InstanceState, oneByOne, volatileState } from './define/instance.ts';
export {
  oauthClientSettings,
  oauthServerSettings,
  type OAuthDeclaration,
  type OAuthSettings,
} from './define/oauth.ts';
export * from './oauth/index.ts';
export type { OrderBack, OrdersBack, OrdersRead, RecordingMapping } from './define/orders-back.ts';
export { readBody } from './define/read-body.ts';
export { defaultMapping, definePreset, type Preset } from './define/preset.ts';
export type { RateLimit, RateReading } from './define/rate-limit.ts';
export {
  isDirective,
  mappingIssues,
  missingFields,
  hookIssues,
  modeIssues,
  refusedConstants,
  unknownFields,
  type MappedAction,
  type ModedAction,
} from './workspace/mapping-issues.ts';
export {
  resolveDestination,
  resolveMapping,
  resolveWorkspace,
  workspaceMappingIssues,
  type ResolvedDestination,
  type ResolvedMapping,
  type ResolvedWorkspace,
} from './workspace/resolve.ts';
export type { ResolvedProcessor } from './workspace/processors.ts';
export type { ResolveContext } from './workspace/settings.ts';
export type { ResolvedSource } from './workspace/sources.ts';
export type { FieldOwner, Ownership } from './workspace/ownership.ts';
export type {
  DeliveryConfig,
  DestinationConfig,
  MappingConfig,
  ProcessorConfig,
  Secret,
  EarlierKey,
  SourceConfig,
  Workspace,
} from './workspace/workspace.ts';
export {
  trackingPlanShapeIssues,
  workspaceParts,
  type WorkspaceDefinitions,
  workspaceSchema,
  workspaceShapeIssues,
  type ObjectSchema,
  type SchemaDocument,
} from './workspace/schema.ts';
export * from './tracking-plan/index.ts';
export { compileParameters, momentOf } from './validation/parameters.ts';
export { EVENT_TYPES, type Event, type EventType } from './event/event.ts';
export { jsonBytes } from './event/utf8.ts';
export {
  CLOCK_TOLERANCE,
  isDeeperThan,
  MAX_EVENT_DEPTH,
  normaliseEvent,
  type Reception,
} from './event/normalise.ts';
export {
  forgetPair,
  recallIdentifiers,
  rememberedEmail,
  rememberedUserId,
  recalledUserId,
  recalling,
  rememberPair,
  type Recall,
  type RecallMany,
  type Memory,
} from './identity/memory.ts';
export {
  PROJECT_TYPES,
  resolveIdentity,
  type Identifiers,
  type Identity,
  type IdentityResult,
  type ProjectType,
} from './identity/resolve.ts';
export { explainEvent, type EventExplanation, type ExplainedMapping } from './explain.ts';
export {
  compileMapping,
  DIRECTIVES,
  evaluateReference,
  explainMapping,
  lintPortability,
  MappingError,
  MappingEvaluationError,
  pathsOf,
  renderDirectiveDocs,
  type CompiledMapping,
  type CompileMappingOptions,
  type Execution,
  type MappingExplanation,
  type PortabilityNote,
} from './mapping/index.ts';
export { isHistorical } from './event/historical.ts';
export { keysOfPerson, personKeys, type PersonNames } from './event/person.ts';
export { MODE_KEY } from './mapping/paths.ts';
export { MAX_PAYLOAD_BYTES } from './mapping/size.ts';
export {
  createPipeline,
  itemKey,
  orderKey,
  type EndedItem,
  type Pipeline,
  type PipelineInput,
  type Prepared,
  type PreparedItem,
  type ReadyItem,
} from './pipeline.ts';
export {
  checkAudience,
  checkChoices,
  checkConnection,
  checkHook,
  checkOutcome,
  checkOutcomes,
} from './define/check.ts';
export { unclosedTemplates } from './mapping/unclosed.ts';
export { withoutAbsent } from './define/shop/absent.ts';
export { cut } from './text/cut.ts';
export { e164 } from './text/phone.ts';
export { likeness, nearest, suggest } from './text/suggest.ts';
export { errorEntry, ERRORS, type ErrorCode, type ErrorEntry } from './result/errors.ts';
export { type Issue, type Result, shownIssues } from './result/issue.ts';
export {
  delivered,
  failed,
  rejected,
  retry,
  skipped,
  type Delivered,
  type Outcome,
  type Rejected,
  type Retry,
  type Skipped,
} from './result/outcome.ts';
export { retryAfter } from './result/retry-after.ts';
export { codeOfStatus } from './result/status.ts';
export { amountOf, currencyDigits, minorOf } from './define/shop/money.ts';
export { shopSettings, type ShopSettings } from './define/shop/settings.ts';
export {
  SHOP_FIELDS,
  type CartState,
  type ConsentState,
  type CustomerState,
  type OrderState,
  type ProductState,
  type ReviewState,
  type ShopAddress,
  type ShopAttribution,
  type ShopGone,
  type ShopKind,
  type ShopLine,
  type ShopPerson,
  type ShopState,
  type ShopStates,
  type ShopStore,
  type SubscriptionState,
} from './define/shop/states.ts';
export {
  completeTrigger,
  compileTrigger,
  createTriggerIndex,
  explainTrigger,
  lintTrigger,
  parseTrigger,
  printCondition,
  printOperand,
  printTrigger,
  rewriteTrigger,
  sameCondition,
  TRIGGER_FIELDS,
  TRIGGER_FUNCTIONS,
  TRIGGER_LINT_RULES,
  TRIGGER_OPERATORS,
  TriggerError,
  triggerTokens,
  type CompiledTrigger,
  type Completion,
  type Completions,
  type ExplainedReading,
  type Explanation,
  type KnownPath,
  type Trigger,
  type TriggerCompare,
  type TriggerCompareOperator,
  type TriggerCondition,
  type TriggerDialect,
  type TriggerEvent,
  type TriggerFix,
  type TriggerGroup,
  type TriggerLint,
  type TriggerList,
  type TriggerLiteral,
  type TriggerOperand,
  type TriggerPath,
  type TriggerToken,
  type TriggerTokenKind,
} from './trigger/index.ts';
export {
  compilePayload,
  compileValidator,
  evaluateConditions,
  fieldsToJsonSchema,
  FORMATS,
  payloadFields,
  RESERVED_MAPPING_KEYS,
  type Change,
  type CompiledPayload,
  type JsonSchema,
  type Validator,
} from './validation/index.ts';
