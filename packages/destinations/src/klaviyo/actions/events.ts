import { type Item, type Outcome, rejected } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { callKlaviyo } from '../api/client.ts';
import { FEW, inTurn, saidOf, sendTogether, wholeOutcome } from '../api/together.ts';
import { forNamed, type Person, profileOf } from '../profile/profile.ts';
import type { Context } from '../settings.ts';

/** The batch rule of events. */
export const EVENT_BATCH = { maxItems: 1_000, maxBytes: 4_000_000 } as const;

/** An event of Klaviyo. */
export interface KlaviyoEvent {
  readonly metric: string;
  readonly uniqueId: string;
  readonly properties: JsonObject;
  readonly time?: string | number | undefined;
  readonly value?: number | undefined;
  readonly currency?: string | undefined;
  readonly backfill?: boolean | undefined;
}

interface Entry {
  readonly profile: JsonObject;
  readonly events: readonly JsonObject[];
  /** The ID by which Klaviyo identifies events. */
  readonly names: readonly string[];
  readonly refused?: Outcome;
}

/** Sends the events of items; an item counts as delivered only if all its events are: sent again, they change nothing. */
export function sendEvents<P extends Person>(
  items: readonly Item<P>[],
  eventsOf: (item: Item<P>) => readonly KlaviyoEvent[],
  context: Context,
): Promise<readonly Outcome[]> {
  return forNamed(items, async (known) => {
    const entries = known.map((item) => entryOf(profileOf(item.who.by), eventsOf(item)));
    const open = entries.filter((one) => one.refused === undefined);
    const [first, again] = apart(open);
    const few = (some: readonly Entry[]) => inTurn(some, (one) => sendAlone(one, context));
    const sent = await sendTogether(first, {
      together: async (some) => saidOf(await callMany(some, context), some.length),
      few,
      most: FEW,
    });
    const outcomes = new Map(first.map((one, index) => [one, sent[index]!]));
    const later = await few(again);
    for (const [index, one] of again.entries()) outcomes.set(one, later[index]!);
    return entries.map((one, index) => withNotes(one.refused ?? outcomes.get(one)!, known[index]!.who.notes));
  });
}

/**
 * Separates entries with a duplicate event from those that share a call: Klaviyo refuses a call with duplicates; alone, the
 * second changes nothing.
 */
function apart(entries: readonly Entry[]): readonly [readonly Entry[], readonly Entry[]] {
  const seen = new Set<string>();
  const again = new Set(
    entries.filter(({ names }) => {
      const isKnown = names.some((name) => seen.has(name)) || new Set(names).size < names.length;
      for (const name of names) seen.add(name);
      return isKnown;
    }),
  );
  return [entries.filter((one) => !again.has(one)), [...again]];
}

function entryOf(profile: JsonObject, events: readonly KlaviyoEvent[]): Entry {
  const made: JsonObject[] = [];
  for (const { metric, uniqueId, properties, time, value, currency, backfill } of events) {
    const at = time === undefined ? undefined : isoTime(time);
    if (time !== undefined && at === undefined) {
      const refused = rejected('payload_invalid_format', `"${time}" is not a valid time.`, 'time');
      return { profile, events: [], names: [], refused };
    }
    made.push({
      type: 'event',
      attributes: {
        properties,
        metric: { data: { type: 'metric', attributes: { name: metric } } },
        unique_id: uniqueId,
        // JSON omits undefined members.
        time: at,
        value,
        value_currency: value === undefined ? undefined : currency,
        backfill: backfill === true ? true : undefined,
      },
    });
  }
  return { profile, events: made, names: events.map(({ metric, uniqueId }) => `${metric} ${uniqueId}`) };
}

async function sendAlone({ profile, events }: Entry, context: Context): Promise<Outcome> {
  let outcome: Outcome | undefined;
  for (const { attributes } of events) {
    const data = { type: 'event', attributes: { ...(attributes as JsonObject), profile: { data: profile } } };
    const answer = await callKlaviyo({ path: '/api/events', json: { data }, takes: [202] }, context);
    const before = outcome === undefined || outcome.status === 'skipped' ? [] : (outcome.exchanges ?? []);
    outcome = withExchanges(wholeOutcome(answer), before);
    if (answer.kind === 'refused') break;
  }
  return outcome ?? rejected('payload_required', 'There is nothing to create an event from.', 'items');
}

function callMany(entries: readonly Entry[], context: Context): ReturnType<typeof callKlaviyo> {
  const bulk = entries.map(({ profile, events }) => ({
    type: 'event-bulk-create',
    attributes: { profile: { data: profile }, events: { data: events } },
  }));
  const attributes = { 'events-bulk-create': { data: bulk } };
  const data = { type: 'event-bulk-create-job', attributes };
  return callKlaviyo({ path: '/api/event-bulk-create-jobs', json: { data }, takes: [202] }, context);
}

/** Formats a time as ISO 8601, from a string, or from seconds or milliseconds since 1970. */
export function isoTime(time: string | number): string | undefined {
  const at =
    typeof time === 'number' ? new Date(time < 100_000_000_000 ? time * 1000 : time) : new Date(time);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
