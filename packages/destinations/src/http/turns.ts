import type { Outcome } from '@waybill/core';

/** The default number of concurrent calls of a batch. */
const AT_A_TIME = 8;

/** Runs a function for every item, a few at a time; the results are in the order of the items. */
export async function someAtATime<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  atATime = AT_A_TIME,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atATime) {
    const some = items.slice(start, start + atATime);
    results.push(...(await Promise.all(some.map((item, index) => work(item, start + index)))));
  }
  return results;
}

/** Sends items one after the other, for endpoints that accept one at a time. */
export async function oneByOne<T>(
  items: readonly T[],
  send: (item: T, index: number) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, item] of items.entries()) outcomes.push(await send(item, index));
  return outcomes;
}
