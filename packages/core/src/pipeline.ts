import { type CallRule, type PlannedItem } from './batch/plan.ts';
import type { Item, SendContext } from './define/action.ts';
import { type Audience, audienceWithoutId, withExternalId } from './define/audience.ts';
import type { Destination } from './define/destination.ts';
import type { ResolvedMapping } from './workspace/resolve.ts';
import type { Event } from './event/event.ts';
import { emailOf } from './event/person.ts';
import { jsonBytes } from './event/utf8.ts';
import { MAX_PAYLOAD_BYTES, tooLarge } from './mapping/size.ts';
import { type Recall, recalledUserId } from './identity/memory.ts';
import {
  type Identifiers,
  type Identity,
  type IdentityResult,
  resolveIdentity,
  type ProjectType,
} from './identity/resolve.ts';
import { checkOutcomes, kindOf } from './define/check.ts';
import type { Issue } from './result/issue.ts';
import { type Outcome, rejected, retry, type Skipped, skipped } from './result/outcome.ts';
import { createTriggerIndex, type TriggerIndex } from './trigger/index.ts';
import { compilePayload, type CompiledPayload, mappingSyncMode } from './validation/index.ts';
import { hookOutputs } from './define/hook.ts';
import { isModeOf, type SyncMode } from './define/sync-mode.ts';

/** An item that can be sent. */
export interface ReadyItem extends PlannedItem {
  readonly kind: 'ready';
  readonly mappingId: string;
  /** The audience of its event, if it must be created first: until then a placeholder replaces its ID. */
  readonly audience?: Audience;
}

/** An item that ended before it was sent. */
export interface EndedItem {
  readonly kind: 'ended';
  readonly mappingId: string;
  readonly user: string;
  readonly key: string;
  readonly outcome: Outcome;
  /** The rejected payload, if there is one: dead letters show it. */
  readonly payload?: unknown;
}

/** The result of one mapping for one event. */
export type PreparedItem = ReadyItem | EndedItem;

/** The result of one destination for one event: an item per matching mapping, or why there is none. */
export type Prepared =
  { readonly items: readonly PreparedItem[] } | { readonly items: readonly []; readonly skipped: Skipped };

/** A compiled destination instance: triggers, mappings and validators are compiled once. */
export interface Pipeline {
  readonly destination: Destination;
  /** Trigger, mapping, validation and identity, in that order, for one event. Pure. */
  prepare(event: Event, recall?: Recall): Prepared;
  /** The same for one mapping, for retries. */
  prepareOne(event: Event, mappingId: string, attempt: number, recall?: Recall): PreparedItem;
  /** Sends items of one call and returns one outcome per item, in their order. Never throws. */
  send(items: readonly ReadyItem[], context: SendContext): Promise<readonly Outcome[]>;
}

/** What a pipeline is created from. */
export interface PipelineInput {
  readonly destination: Destination;
  readonly settings: unknown;
  readonly mappings: readonly ResolvedMapping[];
  /** How mappings and validators run; by default, as the environment allows. */
  readonly execution?: 'generated' | 'closures' | undefined;
  /** The ID at the destination of an audience; undefined for one that is not created yet. */
  readonly audienceId?: ((audience: Audience) => string | undefined) | undefined;
}

/**
 * Compiles one destination instance. Throws TriggerError or MappingError for a mapping that cannot be compiled;
 * `resolveDestination` reports those first.
 */
export function createPipeline(input: PipelineInput): Pipeline {
  const { destination } = input;
  const projectType = destination.projectType?.(input.settings);
  const mappings = input.mappings
    .filter((mapping) => mapping.enabled)
    .map((one) => compile(one, destination, input.execution));
  const byId = new Map(mappings.map((mapping) => [mapping.id, mapping]));
  const triggers: TriggerIndex = createTriggerIndex(
    mappings.map(({ id, trigger, dialect }) => ({ id, trigger, dialect })),
  );

  const named = destination.audiences === undefined ? undefined : namer(input.audienceId);

  return {
    destination,
    prepare(given, recall) {
      if (excluded(given, destination)) return { items: [], skipped: skipped('filtered_by_integrations') };
      const is = named?.(given);
      const event = is?.event ?? given;
      const ids = triggers.match(event);
      if (ids.length === 0) return { items: [], skipped: skipped('no_matching_mapping') };
      const items = new Array<PreparedItem>(ids.length);
      for (let at = 0; at < ids.length; at += 1) {
        items[at] = waiting(make(byId.get(ids[at]!)!, event, projectType, 1, recall), is?.audience);
      }
      return { items };
    },
    prepareOne(given, mappingId, attempt, recall) {
      const is = named?.(given);
      const event = is?.event ?? given;
      const mapping = byId.get(mappingId);
      if (mapping === undefined) return ended(mappingId, event, skipped('mapping_removed'));
      if (!triggers.match(event).includes(mappingId)) {
        return ended(mappingId, event, skipped('trigger_no_longer_matches'));
      }
      return waiting(make(mapping, event, projectType, attempt, recall), is?.audience);
    },
    async send(items, context) {
      const action = destination.actions[items[0]!.rule.action]!;
      try {
        const answer: unknown = await action.send(
          items.map((one) => one.item),
          context,
        );
        return checkOutcomes(answer, items.length);
      } catch (error) {
        const failed = retry('destination_bug', messageOf(error));
        return items.map(() => failed);
      }
    },
  };
}

/** A placeholder in a payload for the ID of an audience that is not created yet. */
const NOT_MADE = 'audience-not-made-yet';

interface Named {
  readonly event: Event;
  readonly audience?: Audience;
}

/** Adds the ID of their audience to events, where it is known. */
function namer(idOf: PipelineInput['audienceId']): (event: Event) => Named {
  return (event) => {
    const audience = audienceWithoutId(event);
    if (audience === undefined) return { event };
    const id = idOf?.(audience);
    return id === undefined
      ? { event: withExternalId(event, audience, NOT_MADE), audience }
      : { event: withExternalId(event, audience, id) };
  };
}

function waiting(item: PreparedItem, audience: Audience | undefined): PreparedItem {
  return audience === undefined || item.kind === 'ended' ? item : { ...item, audience };
}

interface CompiledMapping {
  readonly id: string;
  readonly trigger: string;
  readonly dialect: 'waybill' | 'segment';
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly syncMode: SyncMode | undefined;
  readonly hookOutputs: Item['hookOutputs'];
  readonly rule: CallRule;
  readonly payload: CompiledPayload;
  readonly identifiers: ((payload: unknown) => Identifiers) | undefined;
  readonly groupBy: ((payload: unknown) => string) | undefined;
}

function compile(
  mapping: ResolvedMapping,
  destination: Destination,
  execution: PipelineInput['execution'],
): CompiledMapping {
  const action = destination.actions[mapping.action]!;
  const { batch } = action;
  const { enable_batching: batching, batch_size: size, batch_bytes: bytes } = mapping.mapping;
  const mode = mappingSyncMode(mapping.mapping);
  const off = batch === undefined || batching === false;
  return {
    id: mapping.id,
    trigger: mapping.trigger,
    dialect: mapping.dialect,
    mapping: mapping.mapping,
    syncMode: isModeOf(action.syncMode, mode) ? mode : undefined,
    hookOutputs: action.hooks === undefined ? undefined : hookOutputs(mapping.mapping),
    rule: {
      action: mapping.action,
      maxItems: off ? 1 : smaller(batch.maxItems, size),
      maxBytes: off ? Number.POSITIVE_INFINITY : smaller(batch.maxBytes, bytes),
      // The delta of an item then depends on the outcomes of the user's previous item.
      oneItemPerUser:
        (batch?.oneItemPerUser ?? false) ||
        mapping.delivery?.only === 'changed' ||
        mapping.ownership !== undefined,
    },
    groupBy: batch?.groupBy,
    payload: compilePayload({ fields: action.fields, mapping: mapping.mapping, execution }),
    identifiers: action.identifiers,
  };
}

function smaller(limit: number, wish: unknown): number {
  return typeof wish === 'number' && wish >= 1 && wish < limit ? Math.floor(wish) : limit;
}

function make(
  mapping: CompiledMapping,
  event: Event,
  projectType: ProjectType | undefined,
  attempt: number,
  recall: Recall | undefined,
): PreparedItem {
  const made = mapping.payload(event);
  if (!made.ok) return ended(mapping.id, event, refused(made.issues), made.raw);
  const bytes = jsonBytes(made.payload, MAX_PAYLOAD_BYTES);
  if (bytes > MAX_PAYLOAD_BYTES) {
    return ended(mapping.id, event, rejected('payload_too_large', tooLarge().message), made.payload);
  }

  let identity: Identity | undefined;
  let group: string | undefined;
  try {
    if (projectType !== undefined && mapping.identifiers !== undefined) {
      const resolved = identify(mapping.identifiers(made.payload), projectType, recall);
      if (!resolved.ok) return ended(mapping.id, event, refused([resolved.issue]), made.payload);
      identity = resolved.identity;
    }
    if (mapping.groupBy !== undefined) group = batchKey(mapping.groupBy(made.payload));
  } catch (error) {
    // Code of the definition: its failure for one payload must not cost other mappings their items.
    return ended(mapping.id, event, rejected('action_value_invalid', messageOf(error)), made.payload);
  }
  const key = itemKey(event, mapping.id);
  const { syncMode, hookOutputs: outputs } = mapping;
  let item: Item = { key, event, payload: made.payload, identity, attempt, mapping: mapping.mapping };
  if (syncMode !== undefined) item = { ...item, syncMode };
  if (outputs !== undefined) item = { ...item, hookOutputs: outputs };
  if (syncMode !== undefined) group = `${syncMode} ${group ?? ''}`;
  // The outputs of one mapping are not visible to items of another.
  if (outputs !== undefined) group = `${mapping.id} ${group ?? ''}`;
  return {
    kind: 'ready',
    mappingId: mapping.id,
    item,
    rule: mapping.rule,
    user: orderKey(event),
    bytes: mapping.rule.maxItems === 1 ? 0 : bytes,
    group,
  };
}

function batchKey(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new TypeError(`The batch key is ${kindOf(key)}, not a string.`);
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'The code threw something that cannot be read.';
  }
}

const RECALLED = 'The user ID was filled in from an earlier event of this e-mail address.';

/** A user-ID project does not accept an address alone; the user ID that came with it before replaces it. */
export function identify(
  identifiers: Identifiers,
  projectType: ProjectType,
  recall: Recall | undefined,
): IdentityResult {
  const { email, userId, within } = identifiers;
  const resolved = resolveIdentity({ projectType, email, userId, within });
  if (resolved.ok || projectType !== 'userId' || recall === undefined) return resolved;
  const remembered = recalledUserId(recall, email);
  if (remembered === undefined) return resolved;
  const again = resolveIdentity({ projectType, email, userId: remembered, within });
  if (!again.ok) return resolved;
  return { ok: true, identity: { ...again.identity, notes: [...again.identity.notes, RECALLED] } };
}

function ended(mappingId: string, event: Event, outcome: Outcome, payload?: unknown): EndedItem {
  const base = {
    kind: 'ended',
    mappingId,
    user: orderKey(event),
    key: itemKey(event, mappingId),
    outcome,
  } as const;
  return payload === undefined ? base : { ...base, payload };
}

/** The outcome for an invalid payload. */
export function refused(issues: readonly Issue[]): Outcome {
  const [first] = issues;
  if (first === undefined) return rejected('payload_required');
  return rejected(first.code, told(issues), first.path === '' ? undefined : first.path);
}

/** The number of problems in a message; a list of thousands can have one in each item. */
const TOLD = 10;

function told(issues: readonly Issue[]): string {
  const messages = issues.slice(0, TOLD).map((issue) => issue.message);
  if (issues.length > TOLD) messages.push(`And ${issues.length - TOLD} more.`);
  return messages.join(' ');
}

/** Names one delivery permanently. */
export function itemKey(event: Event, mappingId: string): string {
  return `${event.messageId} ${mappingId}`;
}

/**
 * Returns the key that keeps the events of one user in order: the user ID, else the e-mail address, else the anonymous
 * ID, read from the event itself so that it is the same for every mapping.
 */
export function orderKey(event: Event): string {
  if (event.userId !== undefined) return `u:${event.userId}`;
  const email = emailOf(event);
  return email === undefined ? `a:${event.anonymousId ?? event.messageId}` : `e:${email}`;
}

/** Whether Segment's `integrations` object excludes the destination: `All: false`, or its own name set to false. */
export function excluded(event: Event, destination: Destination): boolean {
  const integrations = event.integrations;
  if (integrations === undefined || integrations === null) return false;
  const own = integrations[destination.name] ?? integrations[destination.slug];
  if (own !== undefined && own !== null) return own === false;
  return integrations['All'] === false || integrations['all'] === false;
}
