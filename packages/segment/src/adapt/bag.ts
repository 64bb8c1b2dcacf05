import { compileMapping, MODE_KEY, RESERVED_MAPPING_KEYS } from '@waybill/core';
import { loadFramework } from '../upstream/packages.ts';
import type { DataBag, UpstreamAction } from '../upstream/types.ts';
import type { Account } from './account.ts';
import { type MappedItem, mappingIdOf, mappingOf, personasOf } from './item.ts';
import { contextsOf } from './memory.ts';

const SYNC_MODES = new Set<unknown>(['add', 'update', 'upsert', 'delete', 'mirror']);

const nothing = (): void => undefined;

const LOGGER = {
  level: 'silent',
  name: 'waybill',
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  crit: nothing,
  log: nothing,
  withTags: nothing,
};

const STATS_CLIENT = {
  observe: nothing,
  _name: (name: string) => name,
  _tags: (tags: readonly string[] = []) => [...tags],
  incr: nothing,
  set: nothing,
  histogram: nothing,
};

/** Creates the common members of every bag of an account, with or without an item. */
export function accountBag(account: Account): Readonly<Record<string, unknown>> {
  return {
    settings: { ...account.settings },
    auth: { ...account.tokens },
    features: {},
    statsContext: { statsClient: STATS_CLIENT, tags: [] },
    logger: LOGGER,
  };
}

/** Creates the bag that a definition receives while it sends items; `batch` selects the shape for `performBatch`. */
export function bagOf(
  items: readonly MappedItem[],
  batch: boolean,
  action: UpstreamAction,
  account: Account,
  now: () => number,
): DataBag {
  const first = items[0]!;
  const mapping = mappingOf(first);
  const personas = personasOf(first);
  const mode = action.syncMode === undefined ? undefined : mapping[MODE_KEY];
  const syncMode = SYNC_MODES.has(mode) ? (mode as string) : undefined;
  const key = mapping['__segment_internal_matching_key'];
  const { resolveAudienceMembership } = loadFramework().framework;
  const memberships = items.map((item) => resolveAudienceMembership(item.event, syncMode));
  const payloads = items.map((item) => payloadOf(item, action));
  const membership: unknown = batch ? memberships : memberships[0];
  const bag = {
    ...accountBag(account),
    ...contextsOf(account.memory, first.event.messageId, now),
    payload: batch ? payloads : payloads[0],
    ...(membership === undefined ? {} : { audienceMembership: membership }),
    audienceSettings: personas === undefined ? {} : personas['audience_settings'],
    personasContext: personas,
    hookOutputs: hookOutputsOf(action, mapping),
    syncMode,
    matchingKey: key === undefined || key === null || key === '' ? undefined : String(key),
    subscriptionMetadata: { actionConfigId: mappingIdOf(first) },
  };
  // Few definitions read these; only they need the copies.
  lazily(bag, 'rawData', () => {
    const events = items.map(({ event }) => structuredClone(event));
    return batch ? events : events[0];
  });
  lazily(bag, 'rawMapping', () => structuredClone(mapping));
  lazily(bag, 'mapping', () => structuredClone(mapping));
  return bag as unknown as DataBag;
}

/** A copy, because definitions modify their payloads. */
function payloadOf(item: MappedItem, action: UpstreamAction): unknown {
  const payload = structuredClone(item.payload) as Record<string, unknown>;
  const mapping = mappingOf(item);
  for (const name of Object.keys(action.fields)) {
    if (!RESERVED_MAPPING_KEYS.has(name) || mapping[name] === undefined) continue;
    const value = mapping[name];
    payload[name] = isPlain(value) ? value : evaluate(value as object, item.event);
  }
  return payload;
}

const compiled = new WeakMap<object, (event: unknown) => unknown>();

function evaluate(part: object, event: unknown): unknown {
  let evaluator = compiled.get(part);
  // A mapping must be an object, so the value is evaluated as a member.
  if (evaluator === undefined) compiled.set(part, (evaluator = compileMapping({ value: part })));
  return (evaluator(event) as { readonly value?: unknown }).value;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function hookOutputsOf(action: UpstreamAction, mapping: Readonly<Record<string, unknown>>): object {
  const outputs: Record<string, unknown> = {};
  for (const hook of Object.keys(action.hooks ?? {})) {
    if (mapping[hook]) outputs[hook] = structuredClone(mapping[hook]);
  }
  return outputs;
}

function lazily(target: object, name: string, make: () => unknown): void {
  let made: { readonly value: unknown } | undefined;
  Object.defineProperty(target, name, {
    enumerable: true,
    configurable: true,
    get: () => (made ??= { value: make() }).value,
  });
}
