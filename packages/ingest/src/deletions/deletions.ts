import { keysOfPerson, type PersonNames } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import {
  type Asked,
  type DeletionAnswer,
  type DeletionRecord,
  keyOf,
  MOST,
  OWNER,
  read,
  written,
} from './record.ts';
import { openSuppressions, type Suppressions } from './suppressions.ts';

/** The record of deletions, and of persons whose events are refused. */
export interface Deletions extends Pick<Suppressions, 'has' | 'hasAny' | 'refresh'> {
  /**
   * Records a deletion; durable, and in effect here, when it resolves. `full` when there is no room. Includes earlier
   * identifiers of the person.
   */
  begin(asked: Asked): Promise<DeletionRecord | 'full'>;
  /** Records the answers of destinations. */
  end(record: DeletionRecord, answers: readonly DeletionAnswer[]): Promise<DeletionRecord>;
  /** Returns the records, newest first: of a person, or all before a number. */
  list(
    page: PersonNames & { readonly before?: number; readonly limit: number },
  ): Promise<readonly DeletionRecord[]>;
}

/** The inputs of the record. */
export interface DeletionsInput {
  readonly log: Pick<Log, 'append' | 'carried' | 'carriedAfter' | 'owners'>;
  readonly holder: string;
  readonly now: () => number;
  /** Runs work exclusively across processes. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** The maximum number of records; for tests. */
  readonly most?: number;
}

/** How long a crashed process blocks other writers, in milliseconds. */
const TTL = 30_000;

/** Opens the record. */
export async function openDeletions(input: DeletionsInput): Promise<Deletions> {
  const { log, now, most = MOST } = input;
  const suppressions = await openSuppressions(log);
  let before: Promise<unknown> = Promise.resolve();

  /** Writes a record; serialised, also across processes. */
  const write = (
    make: () => DeletionRecord | 'full' | Promise<DeletionRecord | 'full'>,
  ): Promise<DeletionRecord | 'full'> => {
    const turn = before.then(() =>
      input.inTurn(async () => {
        await suppressions.refresh();
        const record = await make();
        if (record === 'full') return record;
        const lease = await log.owners.acquire(OWNER, input.holder, TTL);
        if (lease === undefined) throw new Error('Another process writes the record of deletions.');
        try {
          const cursor = String(Math.max(record.id, suppressions.last()));
          const state = [{ key: keyOf(record.id), value: written(record) }];
          if ((await log.append([], { lease, cursor, state })) === 'stale')
            throw new Error('Another process has taken over the record of deletions.');
        } finally {
          await log.owners.release(lease);
        }
        await suppressions.refresh();
        return record;
      }),
    );
    before = turn.catch(() => undefined);
    return turn;
  };

  const chained = async (person: PersonNames, limit: number): Promise<readonly DeletionRecord[]> => {
    const found = new Map<number, DeletionRecord>();
    let wanted = idsOf(suppressions, person);
    while (wanted.length > 0 && found.size < limit) {
      const { state } = await log.carried(OWNER, wanted.map(keyOf));
      const records = [...state.values()].map(read);
      for (const one of records) found.set(one.id, one);
      wanted = [...new Set(records.flatMap((one) => one.before))].filter((id) => !found.has(id));
    }
    return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  };

  return {
    has: suppressions.has,
    hasAny: suppressions.hasAny,
    refresh: suppressions.refresh,
    begin: ({ kind, by, attempt = 1, suppressed: wanted, ...asked }) =>
      write(async () => {
        const id = suppressions.last() + 1;
        if (id > most) return 'full';
        const before = idsOf(suppressions, asked);
        const [last] = await chained(asked, 1);
        const person = { ...namesOf(last), ...namesOf(asked) };
        // A repeated deletion without it does not undo it.
        const suppressed = wanted || (kind === 'deleted' && isSuppressed(suppressions, person));
        return { id, kind, at: now(), by, attempt, suppressed, ...person, before };
      }),
    async end(record, destinations) {
      const ended = { ...record, destinations };
      await write(() => ended);
      return ended;
    },
    async list({ before: below, limit, ...person }) {
      if (keysOfPerson(person).length > 0) return chained(person, limit);
      const after = below === undefined ? undefined : keyOf(below);
      const page = await log.carriedAfter(OWNER, { after, limit });
      return page.map(({ value }) => read(value));
    },
  };
}

/** The identifiers of a person, without absent ones. */
function namesOf({ userId, email, anonymousId }: PersonNames = {}): PersonNames {
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(email === undefined ? {} : { email }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
  };
}

function isSuppressed({ newest }: Suppressions, person: PersonNames): boolean {
  return keysOfPerson(person).some((key) => (newest.get(key) ?? 0) > 0);
}

/** The IDs of the newest records of a person. */
function idsOf({ newest }: Suppressions, person: PersonNames): readonly number[] {
  return [...new Set(keysOfPerson(person).flatMap((key) => Math.abs(newest.get(key) ?? 0) || []))];
}
