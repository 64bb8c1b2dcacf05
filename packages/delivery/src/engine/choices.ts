import { createHash } from 'node:crypto';
import type { DynamicAnswer, DynamicQuestion, HookName, ResolvedDestination } from '@waybill/core';

/** The field whose choices are requested. */
export interface AskedChoices {
  readonly action: string;
  /** The hook of the field; absent for a field of the action itself. */
  readonly hook?: HookName;
  /** The place of the value: `listId`, `lists[0].id`, `traits.__keys__`. */
  readonly field: string;
  readonly question: DynamicQuestion;
  /** Bypasses the cache. */
  readonly fresh?: boolean;
}

/** Choices, with the time at which the account had them. */
export type ReadChoices = DynamicAnswer & {
  /** Epoch milliseconds; absent for an error. */
  readonly readAt?: number;
};

/** A cache of choices that were read from accounts. */
export interface KnownChoices {
  /**
   * Returns the cached choices, or those that `ask` reads now. Concurrent equal questions share one read; errors are not
   * cached.
   */
  read(
    destination: ResolvedDestination,
    asked: AskedChoices,
    ask: () => Promise<DynamicAnswer>,
  ): Promise<ReadChoices>;
}

/** How long choices are cached, in milliseconds. */
const MAX_AGE = 10 * 60_000;

/** The maximum number of cached answers; the least recently used are dropped first. */
const MOST = 200;

/** Creates the cache of choices: an editor requests the same ones repeatedly, and accounts have limits. */
export function createKnownChoices(now: () => number): KnownChoices {
  const known = new Map<string, ReadChoices>();
  const reading = new Map<string, Promise<ReadChoices>>();
  const readNow = async (key: string, ask: () => Promise<DynamicAnswer>): Promise<ReadChoices> => {
    const answer = await ask();
    if (answer.error !== undefined) return answer;
    const read = { ...answer, readAt: now() };
    known.delete(key);
    known.set(key, read);
    if (known.size > MOST) known.delete(known.keys().next().value!);
    return read;
  };
  return {
    read(destination, asked, ask) {
      const key = keyOf(destination, asked);
      const found = asked.fresh === true ? undefined : known.get(key);
      if (found !== undefined && now() - found.readAt! < MAX_AGE) {
        known.delete(key);
        known.set(key, found);
        return Promise.resolve(found);
      }
      let under = reading.get(key);
      if (under === undefined) {
        under = readNow(key, ask).finally(() => reading.delete(key));
        reading.set(key, under);
      }
      return under;
    },
  };
}

/** The key of a question; it includes the settings, because another account has other choices. */
function keyOf({ id, settings }: ResolvedDestination, { fresh: _fresh, ...asked }: AskedChoices): string {
  return createHash('sha256')
    .update(JSON.stringify([id, settings, asked]))
    .digest('base64');
}
