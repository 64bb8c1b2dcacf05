import type { Memory } from './account.ts';

/** The maximum number of remembered entries of each kind; the oldest are removed first. */
const MOST = 10_000;
const DAY = 24 * 60 * 60;

interface Ttl {
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

/** Creates what definitions remember between calls: their state, their cache, and values that actions of one event share. */
export function contextsOf(
  memory: Memory,
  messageId: string,
  now: () => number,
): Readonly<Record<string, unknown>> {
  const read = (key: string): string | undefined => {
    const entry = memory.values.get(key);
    return entry !== undefined && entry.until > now() ? entry.value : undefined;
  };
  const write = (key: string, value: string, seconds: number): void => {
    memory.values.delete(key);
    memory.values.set(key, { value, until: now() + seconds * 1000 });
    trim(memory.values);
  };
  return {
    stateContext: {
      getRequestContext(key: string, check?: (value?: string) => unknown): unknown {
        const value = read(key);
        return check === undefined ? value : check(value);
      },
      setResponseContext(key: string, value: string, { hour = 0, minute = 0, second = 0 }: Ttl): void {
        write(key, value, hour * 3600 + minute * 60 + second || DAY);
      },
    },
    transactionContext: transactionOf(memory, messageId),
    engageDestinationCache: {
      maxExpirySeconds: DAY,
      maxValueSizeBytes: 1_000_000,
      getByKey: (key: string) => Promise.resolve(read(key) ?? null),
      setByKey: (key: string, value: string, seconds = DAY) => {
        write(key, value, seconds);
        return Promise.resolve(true);
      },
      setByKeyNX: (key: string, value: string, seconds = DAY) => {
        if (read(key) !== undefined) return Promise.resolve(false);
        write(key, value, seconds);
        return Promise.resolve(true);
      },
      delByKey: (key: string) => Promise.resolve(memory.values.delete(key) ? 1 : 0),
    },
  };
}

function transactionOf({ transactions }: Memory, messageId: string): object {
  return {
    get transaction(): Record<string, string> {
      return transactions.get(messageId) ?? {};
    },
    setTransaction(key: string, value: string): void {
      transactions.set(messageId, { ...transactions.get(messageId), [key]: value });
      trim(transactions);
    },
  };
}

function trim(map: Map<string, unknown>): void {
  if (map.size <= MOST) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
