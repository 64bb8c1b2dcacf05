import { type Event, personKeys } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import { keyOf, type Newest, note, OWNER, read } from './record.ts';

/** The persons whose events are refused, by the log. */
export interface Suppressions {
  /** Whether events of this person are refused. */
  has(event: Event): boolean;
  /** Whether events of any person are refused. */
  hasAny(): boolean;
  /** Reads new records. */
  refresh(): Promise<void>;
  /** The newest record of each key of a person. */
  readonly newest: Newest;
  /** The number of the last record. */
  last(): number;
}

/** The number of records per read. */
const PAGE = 500;

/** Opens the list of persons whose events are refused. Every process and thread has its own view, and reads new records. */
export async function openSuppressions(log: Pick<Log, 'carried' | 'carriedAfter'>): Promise<Suppressions> {
  const newest: Newest = new Map();
  let known = 0;
  let reading: Promise<void> = Promise.resolve();
  const readNew = async (): Promise<void> => {
    const { cursor } = await log.carried(OWNER, []);
    const last = Number(cursor ?? 0);
    let after: string | undefined = undefined;
    for (let isMore = last > known; isMore;) {
      const page: Awaited<ReturnType<Log['carriedAfter']>> = await log.carriedAfter(OWNER, {
        after,
        limit: PAGE,
      });
      const fresh = page.filter(({ key }) => key < keyOf(known));
      for (const { value } of fresh) note(newest, read(value));
      after = page.at(-1)?.key;
      isMore = page.length === PAGE && fresh.length === PAGE;
    }
    known = Math.max(known, last);
  };
  const refresh = (): Promise<void> => {
    // Serialised: a caller sees all records from before its call.
    reading = reading.catch(() => undefined).then(readNew);
    return reading;
  };
  await refresh();
  return {
    hasAny: () => newest.size > 0,
    has(event) {
      if (newest.size === 0) return false;
      return personKeys(event).some((key) => (newest.get(key) ?? 0) > 0);
    },
    refresh,
    newest,
    last: () => known,
  };
}
