/** The size of a block of IDs from the store, so that not every call needs a query. */
const BLOCK = 1_024;

/** Assigns IDs to a number of exchanges; returns the first. */
export type ExchangeIds = (count: number) => Promise<number>;

/** Creates the IDs of an engine; `reserve` reserves a block in the store. */
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
