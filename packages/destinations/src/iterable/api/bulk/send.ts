import { type Outcome, retry } from '@waybill/core';

import type { JsonObject } from '../../../http/json.ts';
import type { Context } from '../../settings.ts';
import type { Accepted, Refused } from '../answer.ts';
import { callIterable } from '../client.ts';
import { addExchange, type BulkEndpoint, describe, type Entry, settle } from './entry.ts';
import {
  blame,
  type Conflict,
  conflictsOf,
  isSuspect,
  settlePlaces,
  tellTypes,
  withoutKnownConflicts,
} from './refusal.ts';
import { readResults, settleOpen } from './results.ts';

/** The number of rounds that search items for a named value; after that halving needs fewer bytes. */
const MOST_SEARCHES = 12;

/**
 * Sends items through a bulk endpoint and determines the outcome of each. Where an answer does not report it, items are sent
 * again in smaller calls, down to one item: only through this endpoint, because Iterable keeps no order between its single and
 * its bulk endpoints. Sending again is harmless: users are upserted, events have IDs.
 */
export async function sendBulk(
  bodies: readonly JsonObject[],
  endpoint: BulkEndpoint,
  context: Context,
): Promise<readonly Outcome[]> {
  const entries = bodies.map((body) => describe(body, endpoint));
  const run: Run = { endpoint, context, searches: MOST_SEARCHES, conflicts: [], halted: undefined };
  await deliver(entries, run);
  let last: { of: Outcome; exchanges: readonly number[]; outcome: Outcome } | undefined;
  return entries.map((entry) => {
    const { exchanges } = entry;
    // Every path through `deliver` settles every entry; this only guards against a gap in it.
    const of = entry.outcome ?? retry('destination_result_unknown');
    if (exchanges.length === 0) return of;
    // Most entries of a call share their outcome object.
    if (last?.of === of && last.exchanges === exchanges) return last.outcome;
    const outcome: Outcome = of.status === 'skipped' ? of : { ...of, exchanges };
    last = { of, exchanges, outcome };
    return outcome;
  });
}

interface Run {
  readonly endpoint: BulkEndpoint;
  readonly context: Context;
  searches: number;
  readonly conflicts: Conflict[];
  /** Set when the endpoint accepts nothing more for now. */
  halted: { readonly outcome: Outcome; readonly exchange: number } | undefined;
}

async function deliver(group: readonly Entry[], run: Run): Promise<void> {
  const entries = withoutKnownConflicts(group, run.conflicts);
  if (entries.length === 0) return;
  if (run.halted !== undefined) {
    for (const entry of entries) {
      entry.outcome = run.halted.outcome;
    }
    addExchange(entries, run.halted.exchange);
    return;
  }
  const { path, list, beside } = run.endpoint;
  const answer = await callIterable(
    { path, json: { ...beside, [list]: entries.map((one) => one.body) } },
    run.context,
  );
  addExchange(entries, answer.exchange);
  if (answer.kind === 'accepted') await sendUnsettled(entries, answer, run);
  else if (answer.splittable) await findGuilty(entries, answer, run);
  else {
    run.halted = { outcome: answer.outcome, exchange: answer.exchange };
    settle(entries, answer.outcome);
  }
}

async function halve(entries: readonly Entry[], run: Run): Promise<void> {
  const middle = Math.ceil(entries.length / 2);
  await deliver(entries.slice(0, middle), run);
  await deliver(entries.slice(middle), run);
}

/** A request was refused as a whole: finds the invalid items and sends the others. */
async function findGuilty(entries: readonly Entry[], answer: Refused, run: Run): Promise<void> {
  const { outcome } = answer;
  const [only] = entries;
  tellTypes(entries, answer, run.endpoint);
  if (entries.length === 1 && only !== undefined) {
    settle([only], blame(only, answer));
    if (outcome.code === 'destination_field_type_conflict') {
      for (const where of conflictsOf(only, answer)) run.conflicts.push({ where, outcome: only.outcome! });
    }
    return;
  }
  if (settlePlaces(entries, answer)) {
    await deliver(
      entries.filter((entry) => entry.outcome === undefined),
      run,
    );
    return;
  }
  // Each search may send nearly everything again, so their number is limited.
  const suspects = new Set(run.searches > 0 ? entries.filter((entry) => isSuspect(entry, answer)) : []);
  const noRoom = outcome.code === 'destination_field_limit';
  if (suspects.size === 0 || (noRoom && suspects.size === entries.length)) {
    await halve(entries, run);
    return;
  }
  run.searches -= 1;
  await deliver(
    entries.filter((entry) => !suspects.has(entry)),
    run,
  );
  // Some of the fields may be within the limit, so each is tried.
  if (noRoom) await halve([...suspects], run);
  else await oneFirst([...suspects], run);
}

/** Sends the first alone: when it is refused, the others would be too and need no call. */
async function oneFirst(entries: readonly Entry[], run: Run): Promise<void> {
  await deliver(entries.slice(0, 1), run);
  await deliver(entries.slice(1), run);
}

/** Settles what a 200 determines and sends the rest again, in smaller calls. */
async function sendUnsettled(entries: readonly Entry[], answer: Accepted, run: Run): Promise<void> {
  const results = readResults(entries, answer, run.endpoint);
  if (results === undefined) return;
  for (const entry of results.ambiguous) await deliver([entry], run);
  const again = settleOpen(entries, results);
  if (again.length > 0) await halve(again, run);
}
