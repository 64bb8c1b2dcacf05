import {
  type Action,
  compilePayload,
  compileValidator,
  type Destination,
  type Event,
  hookOutputs,
  isModeOf,
  type Item,
  itemKey,
  type Outcome,
  rejected,
  RESERVED_MAPPING_KEYS,
  resolveIdentity,
} from '@waybill/core';
import type { DataBag } from '../upstream/types.ts';

/** A payload of Segment's runtime as an item, or its outcome. */
export type Prepared = { readonly item: Item } | { readonly outcome: Outcome };

const MAPPING = 'exported';

/** Creates items from the payloads of a call: validated and identified as in Waybill. */
export function createPreparer(
  destination: Destination,
  action: Action,
): (payloads: readonly unknown[], data: DataBag) => readonly Prepared[] {
  const fields = Object.fromEntries(
    Object.entries(action.fields).filter(([name]) => !RESERVED_MAPPING_KEYS.has(name)),
  );
  const validators = new Map<unknown, ReturnType<typeof compileValidator>>();
  return (payloads, data) => {
    const mode = isModeOf(action.syncMode, data['syncMode']) ? data['syncMode'] : undefined;
    const validate = validators.get(mode) ?? compileValidator(fields, { syncMode: mode });
    validators.set(mode, validate);
    const projectType = destination.projectType?.(data.settings);
    const events = eventsOf(payloads, data, action);
    const outputs = hookOutputs((data['hookOutputs'] ?? {}) as Readonly<Record<string, unknown>>);
    const made = outputs === undefined ? {} : { hookOutputs: outputs };
    return payloads.map((raw, index): Prepared => {
      const checked = validate(raw);
      if (!checked.ok) {
        const [first] = checked.issues;
        return {
          outcome: rejected(first!.code, checked.issues.map(({ message }) => message).join(' '), first!.path),
        };
      }
      const { payload } = checked;
      const event = events[index]!;
      const inMode = { ...(mode === undefined ? {} : { syncMode: mode }), ...made };
      const base = { key: itemKey(event, MAPPING), event, payload, attempt: 1, ...inMode };
      if (projectType === undefined || action.identifiers === undefined) {
        return { item: { ...base, identity: undefined } };
      }
      const resolved = resolveIdentity({ projectType, ...action.identifiers(payload) });
      if (resolved.ok) return { item: { ...base, identity: resolved.identity } };
      const { code, message, path } = resolved.issue;
      return { outcome: rejected(code, message, path === '' ? undefined : path) };
    });
  };
}

/**
 * The event of each payload. Segment's runtime removes invalid payloads from a batch, but not their events; the events are
 * matched by running the mapping here.
 */
function eventsOf(payloads: readonly unknown[], data: DataBag, action: Action): readonly Event[] {
  const raw = data['rawData'];
  const given = (Array.isArray(raw) ? raw : raw === undefined ? [] : [raw]) as readonly Event[];
  if (given.length === payloads.length) return given.map(completed);
  const mapping = data['rawMapping'];
  if (typeof mapping === 'object' && mapping !== null) {
    const make = compilePayload({
      fields: action.fields,
      mapping: mapping as Readonly<Record<string, unknown>>,
    });
    const kept = given.filter((event) => make(event).ok);
    if (kept.length === payloads.length) return kept.map(completed);
  }
  return payloads.map((_, index) => completed({} as Event, index));
}

/** Adds members that every event of Waybill has. */
function completed(event: Event, index: number): Event {
  const now = new Date().toISOString();
  const { messageId = `${MAPPING}-${index}`, timestamp = now, receivedAt = now, type = 'track' } = event;
  return { ...event, type, messageId, timestamp, receivedAt };
}
