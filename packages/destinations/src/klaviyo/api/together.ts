import { delivered, type Outcome, retry } from '@waybill/core';

import { withExchanges } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import type { Answer } from './client.ts';

/** Up to so many entries are sent one by one where Klaviyo can say at once what it makes of each. */
export const FEW = 10;

/** How entries are sent. */
export interface Ways<T> {
  /** Sends many in one call. */
  readonly together: (entries: readonly T[]) => Promise<Said>;
  /** Sends at most `most` so that each has an outcome of its own. */
  readonly few: (entries: readonly T[]) => Promise<readonly Outcome[]>;
  readonly most: number;
}

/** What a call says of its entries: an outcome for each, none for those to be asked about by themselves; or that it was refused. */
export type Said =
  | { readonly each: readonly (Outcome | undefined)[]; readonly refused?: undefined }
  | { readonly refused: Refused };

/** A call that Klaviyo did not take. */
export type Refused = Extract<Answer, { readonly kind: 'refused' }>;

/** A call that is refused for what is in it; everything else is about the call. */
const ABOUT_CONTENT: ReadonlySet<number> = new Set([400, 409, 413, 422]);

/** Calls in which who is to blame is looked for; what is left then is sent again later. */
const MOST_CALLS = 40;

/**
 * Sends entries together. A call that is refused for its content is made again without those that the answer points at, or in halves;
 * they are sent by themselves, so that Klaviyo itself says what is wrong with each.
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

/** The entries in smaller parts: who is pointed at apart from the others, or halves. */
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

/** Whether an outcome of one would be that of all: of the key, the rate, the server. */
function isOfAll(outcome: Outcome): boolean {
  if (outcome.status === 'retry') return outcome.code !== 'destination_user_not_found';
  return (
    outcome.status === 'rejected' &&
    (outcome.code === 'destination_unauthorized' || outcome.code === 'destination_forbidden')
  );
}

/** Sends entries one after the other until an outcome would be that of all, which the others then have. */
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

/** The outcome of everything that a call carried. */
export function wholeOutcome(answer: Answer): Outcome {
  if (answer.kind === 'refused') return answer.outcome;
  return withExchanges(delivered(), [answer.exchange]);
}

/** What a call without results of its own says of its entries. */
export function saidOf(answer: Answer, count: number): Said {
  if (answer.kind === 'refused') return { refused: answer };
  return { each: new Array<Outcome>(count).fill(wholeOutcome(answer)) };
}
