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

/** One payload of theirs as an item of ours, or the outcome that it ended with. */
export type Prepared = { readonly item: Item } | { readonly outcome: Outcome };

const MAPPING = 'exported';

/** Makes items of the payloads of a call: validated and identified as at home. */
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
 * The event of each payload. The runtime there leaves payloads out of a batch that its validation refused, but not their
 * events; those are found again by mapping them here.
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

/** What every event has here and not all have there. */
function completed(event: Event, index: number): Event {
  const now = new Date().toISOString();
  const { messageId = `${MAPPING}-${index}`, timestamp = now, receivedAt = now, type = 'track' } = event;
  return { ...event, type, messageId, timestamp, receivedAt };
}
