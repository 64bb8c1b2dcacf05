import type {
  ConflictFilter,
  ConflictRow,
  KeptRow,
  KeptWrite,
  MemoryFilter,
  MemoryPlace,
  MemoryWrite,
} from '../../stores/rows.ts';
import type { Database, Statements } from './database.ts';
import { type Columns, insertRows, unnest } from './rows.ts';
import { type StoredConflict, toConflict } from './state-rows.ts';

/** The number of conflicts that are kept. */
const KEPT_CONFLICTS = 10_000;

const PLACES: Columns<MemoryPlace> = {
  space: ['text', ({ space }) => space],
  scope: ['text', ({ scope }) => scope],
  key: ['text', ({ key }) => key],
};

const placeOf = ({ space, scope, key }: MemoryPlace): string => JSON.stringify([key, space, scope]);

/** Writes remembered values of a destination; call it within a transaction. */
export async function writeMemory(
  statements: Statements,
  destination: string,
  writes: readonly MemoryWrite[],
): Promise<void> {
  // Sorted by place: two lanes of a destination never deadlock.
  const last = [...new Map(writes.map((one) => [placeOf(one), one]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = last.map(([, one]) => one);
  const gone = rows.filter(({ value }) => value === undefined);
  if (gone.length > 0) {
    const { text, values } = unnest(PLACES, gone, 2);
    await statements.run(
      `DELETE FROM ~memory AS old USING ${text} WHERE old.destination = $1 AND old.key = given.key
         AND old.space = given.space AND old.scope = given.scope`,
      destination,
      ...values,
    );
  }
  await insertRows(statements, 'memory', {
    columns: {
      destination: ['text', () => destination],
      ...PLACES,
      value: ['text', ({ value }: MemoryWrite) => value],
    } as Columns<MemoryWrite>,
    rows: rows.filter(({ value }) => value !== undefined),
    // The next number makes it one of the newest again.
    end: 'ON CONFLICT (destination, key, space, scope) DO UPDATE SET value = excluded.value, id = DEFAULT',
  });
}

/** Returns remembered values, in the order of the places. */
export async function recall(
  { all }: Statements,
  destination: string,
  places: readonly MemoryPlace[],
): Promise<readonly (string | undefined)[]> {
  if (places.length === 0) return [];
  const { text, values } = unnest(PLACES, places, 2);
  const rows = await all<MemoryPlace & { value: string }>(
    `SELECT old.space, old.scope, old.key, old.value FROM ${text} JOIN ~memory AS old ON old.destination = $1
       AND old.key = given.key AND old.space = given.space AND old.scope = given.scope`,
    destination,
    ...values,
  );
  const found = new Map(rows.map((row) => [placeOf(row), row.value]));
  return places.map((place) => found.get(placeOf(place)));
}

/** Removes remembered values; returns their number. */
export function forget(
  { run }: Statements,
  { destination, space, scope, key }: MemoryFilter,
): Promise<number> {
  return run(
    `DELETE FROM ~memory WHERE destination = $1 AND ($2::text IS NULL OR space = $2)
       AND ($3::text IS NULL OR scope = $3) AND ($4::text IS NULL OR key = $4)`,
    destination,
    space ?? null,
    scope ?? null,
    key ?? null,
  );
}

/** Removes the oldest values beyond a number, in small steps. */
export async function forgetOldest({ run }: Statements, most: number): Promise<void> {
  await run(
    `DELETE FROM ~memory WHERE id IN (SELECT id FROM ~memory
       WHERE id <= (SELECT id FROM ~memory ORDER BY id DESC OFFSET $1 LIMIT 1) ORDER BY id LIMIT 5000)`,
    most,
  );
}

/** Returns the values of the instance of a destination. */
export function findKept({ all }: Statements, destination: string): Promise<readonly KeptRow[]> {
  return all<KeptRow>('SELECT key, value FROM ~kept WHERE destination = $1 ORDER BY key', destination);
}

/** Writes and removes values of the instance of a destination. */
export function keep(database: Database, destination: string, rows: readonly KeptWrite[]): Promise<void> {
  const last = [...new Map(rows.map((row) => [row.key, row])).values()];
  return database.transaction(async (statements) => {
    await statements.run(
      'DELETE FROM ~kept WHERE destination = $1 AND key = ANY ($2::text[])',
      destination,
      last.flatMap(({ key, value }) => (value === undefined ? [key] : [])),
    );
    // Sorted, so that two processes that store the same keys never deadlock.
    await insertRows(statements, 'kept', {
      columns: {
        destination: ['text', () => destination],
        key: ['text', ({ key }) => key],
        value: ['text', ({ value }) => value],
      } as Columns<KeptWrite>,
      rows: last
        .filter(({ value }) => value !== undefined)
        .sort((one, other) => (one.key < other.key ? -1 : 1)),
      end: 'ON CONFLICT (destination, key) DO UPDATE SET value = excluded.value',
    });
  });
}

/** Writes conflicts, and removes the oldest ones. Call it within a transaction. */
export async function writeConflicts(statements: Statements, rows: readonly ConflictRow[]): Promise<void> {
  if (rows.length === 0) return;
  await insertRows(statements, 'conflicts', {
    columns: {
      destination: ['text', (row) => row.destination],
      seq: ['bigint', (row) => row.seq],
      mapping_id: ['text', (row) => row.mappingId],
      user_key: ['text', (row) => row.user],
      field: ['text', (row) => row.field],
      rule: ['text', (row) => row.rule],
      source_id: ['text', (row) => row.sourceId],
      kept_source_id: ['text', (row) => row.keptSourceId ?? null],
      at: ['bigint', (row) => row.at],
    } as Columns<ConflictRow>,
    rows,
  });
  await statements.run(
    'DELETE FROM ~conflicts WHERE id <= (SELECT max(id) FROM ~conflicts) - $1',
    KEPT_CONFLICTS,
  );
}

/** Returns conflicts, ascending by ID. */
export async function findConflicts(
  { all }: Statements,
  { destination, user, afterId = 0, limit }: ConflictFilter,
): Promise<readonly ConflictRow[]> {
  const rows = await all<StoredConflict>(
    `SELECT * FROM ~conflicts WHERE id > $1 AND ($2::text IS NULL OR destination = $2)
       AND ($3::text IS NULL OR user_key = $3) ORDER BY id LIMIT $4`,
    afterId,
    destination ?? null,
    user ?? null,
    limit ?? null,
  );
  return rows.map(toConflict);
}
