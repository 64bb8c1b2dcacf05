/** How many calls of one batch run at a time: Iterable takes a hundred reads a second. */
const AT_A_TIME = 8;

/** Does something for every item, a few at a time; the results are in the order of the items. */
export async function someAtATime<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    const some = items.slice(start, start + AT_A_TIME);
    results.push(...(await Promise.all(some.map((item, index) => work(item, start + index)))));
  }
  return results;
}
