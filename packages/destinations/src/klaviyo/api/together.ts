import { delivered, type Outcome, retry } from '@waybill/core';

import { withExchanges } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import type { Answer } from './client.ts';

/** The number of entries up to which they are sent one by one, where Klaviyo answers for each at once. */
export const FEW = 10;

/** The ways to send entries. */
export interface Ways<T> {
  /** Sends many in one call. */
  readonly together: (entries: readonly T[]) => Promise<Said>;
  /** Sends at most `most` with a separate outcome for each. */
  readonly few: (entries: readonly T[]) => Promise<readonly Outcome[]>;
  readonly most: number;
}

/** The result of a call for its entries: an outcome for each, none for those to be sent separately; or that it was refused. */
export type Said =
  | { readonly each: readonly (Outcome | undefined)[]; readonly refused?: undefined }
  | { readonly refused: Refused };

/** A call that Klaviyo refused. */
export type Refused = Extract<Answer, { readonly kind: 'refused' }>;

/** The status of a call that is refused for its content; others are about the call. */
const ABOUT_CONTENT: ReadonlySet<number> = new Set([400, 409, 413, 422]);

/** The maximum number of calls in the search for invalid entries; the rest is retried later. */
const MOST_CALLS = 40;

/**
 * Sends entries together. A call that is refused for its content is repeated without the entries that the answer points at, or
 * in halves; those entries are sent separately, so that Klaviyo reports what is wrong with each.
 */
export async function sendTogether<T>(
  entries: readonly T[],
  { together, few, most }: Ways<T>,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<T, Outcome>();
  const parts: (readonly T[])[] = [entries];
  let open: Outcome = retry(
    'destination_result_unknown',
    'Klaviyo refused too many of the items sent in the same call.',
  );
  for (let calls = 0; parts.length > 0 && calls < MOST_CALLS; calls += 1) {
    const part = parts.shift()!;
    const said: Said = part.length <= most ? { each: await few(part) } : await together(part);
    if (said.refused === undefined) {
      for (const [index, entry] of part.entries()) {
        const outcome = said.each[index];
        if (outcome !== undefined) outcomes.set(entry, outcome);
      }
      parts.push(
        ...inParts(
          part.filter((_one, index) => said.each[index] === undefined),
          most,
        ),
      );
      const ofAll = said.each.find((one) => one !== undefined && isOfAll(one));
      if (ofAll === undefined) continue;
      open = ofAll;
      break;
    }
    if (!ABOUT_CONTENT.has(said.refused.status)) {
      open = said.refused.outcome;
      break;
    }
    parts.unshift(...narrowed(part, said.refused, most));
  }
  return entries.map((entry) => outcomes.get(entry) ?? open);
}

/** Splits entries: those that are pointed at from the others, or in halves. */
function narrowed<T>(part: readonly T[], { problems }: Refused, most: number): readonly (readonly T[])[] {
  const guilty = new Set(problems.flatMap(({ pointer }) => indexIn(pointer) ?? []));
  const out = part.filter((_one, index) => guilty.has(index));
  if (out.length === 0 || out.length === part.length) return inParts(part, Math.ceil(part.length / 2));
  return [part.filter((_one, index) => !guilty.has(index)), ...inParts(out, most)];
}

function inParts<T>(entries: readonly T[], size: number): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let start = 0; start < entries.length; start += size) parts.push(entries.slice(start, start + size));
  return parts;
}

/** The place of an entry in the list of the request: the first number of a pointer. */
function indexIn(pointer = ''): number | undefined {
  const number = /\/data\/(\d+)(?:\/|$)/.exec(pointer)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Whether an outcome applies to all entries: of the key, the rate, the server. */
function isOfAll(outcome: Outcome): boolean {
  if (outcome.status === 'retry') return outcome.code !== 'destination_user_not_found';
  return (
    outcome.status === 'rejected' &&
    (outcome.code === 'destination_unauthorized' || outcome.code === 'destination_forbidden')
  );
}

/** Sends entries one after the other until an outcome applies to all, which the others then receive. */
export async function inTurn<T>(
  entries: readonly T[],
  send: (entry: T) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  let stopped: Outcome | undefined;
  return oneByOne(entries, async (entry) => {
    if (stopped !== undefined) return stopped;
    const outcome = await send(entry);
    if (isOfAll(outcome)) stopped = outcome;
    return outcome;
  });
}

/** Returns the outcome of all entries of a call. */
export function wholeOutcome(answer: Answer): Outcome {
  if (answer.kind === 'refused') return answer.outcome;
  return withExchanges(delivered(), [answer.exchange]);
}

/** Returns the result of a call without results per entry. */
export function saidOf(answer: Answer, count: number): Said {
  if (answer.kind === 'refused') return { refused: answer };
  return { each: new Array<Outcome>(count).fill(wholeOutcome(answer)) };
}
