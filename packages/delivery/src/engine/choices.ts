import { createHash } from 'node:crypto';
import type { DynamicAnswer, DynamicQuestion, HookName, ResolvedDestination } from '@waybill/core';

/** The choices of which field are asked for. */
export interface AskedChoices {
  readonly action: string;
  /** The hook that the field is of; absent for a field of the action itself. */
  readonly hook?: HookName;
  /** The place of the value: `listId`, `lists[0].id`, `traits.__keys__`. */
  readonly field: string;
  readonly question: DynamicQuestion;
  /** Asks the account again, whatever is known. */
  readonly fresh?: boolean;
}

/** Choices, with the time at which the account had them. */
export type ReadChoices = DynamicAnswer & {
  /** Epoch milliseconds; absent for an error. */
  readonly readAt?: number;
};

/** What was read from accounts a short time ago. */
export interface KnownChoices {
  /** What is known, or what `ask` reads now. Who asks the same at the same time shares one reading; errors are not kept. */
  read(
    destination: ResolvedDestination,
    asked: AskedChoices,
    ask: () => Promise<DynamicAnswer>,
  ): Promise<ReadChoices>;
}

/** How long choices are taken as they were read, in milliseconds. */
const MAX_AGE = 10 * 60_000;

/** The most answers that are kept; those that were not asked for the longest go first. */
const MOST = 200;

/** Remembers choices: an editor asks for the same ones again and again, and accounts have limits. */
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

/** Names a question; the settings are part of it, as another account has other choices. */
function keyOf({ id, settings }: ResolvedDestination, { fresh: _fresh, ...asked }: AskedChoices): string {
  return createHash('sha256')
    .update(JSON.stringify([id, settings, asked]))
    .digest('base64');
}
