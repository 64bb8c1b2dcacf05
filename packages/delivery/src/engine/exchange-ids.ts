/** Ids out of a block that the store gives, so that not every call has to ask for its own. */
const BLOCK = 1_024;

/** Takes ids for so many exchanges; returns the first of them. */
export type ExchangeIds = (count: number) => Promise<number>;

/** Ids of one engine; `reserve` takes a block out of the store. */
export function createExchangeIds(reserve: (count: number) => Promise<number>): ExchangeIds {
  let [next, end] = [0, 0];
  let filling: Promise<void> | undefined;
  const fill = async (count: number): Promise<void> => {
    const size = Math.max(BLOCK, count);
    next = await reserve(size);
    end = next + size;
  };
  return async (count) => {
    while (end - next < count) {
      filling ??= fill(count).finally(() => {
        filling = undefined;
      });
      await filling;
    }
    next += count;
    return next - count;
  };
}
