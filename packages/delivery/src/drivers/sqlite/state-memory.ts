import type { SQLInputValue } from 'node:sqlite';
import type {
  ConflictFilter,
  ConflictRow,
  MemoryFilter,
  MemoryPlace,
  MemoryWrite,
} from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';

/** The default maximum of remembered values, for all lanes together. */
export const KEPT_MEMORY = 1_000_000;

/** The number of conflicts that are kept. */
export const KEPT_CONFLICTS = 10_000;

/** The remembered values of lanes. */
export interface StateMemory {
  recall(lane: string, place: MemoryPlace): string | undefined;
  /** Writes values; call it within a transaction. */
  write(lane: number, writes: readonly MemoryWrite[]): void;
  /** Call it within a transaction. */
  forget(filter: MemoryFilter): number;
  /** Discards the counts of a rolled-back transaction. */
  reset(): void;
}

/** Creates the memory of a database, with at most `kept` values. */
export function createStateMemory(database: Database, names: Names, kept: number): StateMemory {
  let count: number | undefined;
  const rows = (): number =>
    (count ??= database.one<{ rows: number }>('SELECT count(*) AS rows FROM memory')?.rows ?? 0);

  const prune = (): void => {
    const excess = rows() - kept;
    // In strides: removing one row per settlement would cost more than it frees.
    if (excess <= kept / 100) return;
    database.run('DELETE FROM memory WHERE id IN (SELECT id FROM memory ORDER BY id LIMIT ?)', excess);
    count = kept;
  };

  return {
    recall(lane, { space, scope, key }) {
      const [laneId, scopeId] = [names.find(lane), names.find(scope)];
      if (laneId === undefined || scopeId === undefined) return undefined;
      return database.one<{ value: string }>(
        'SELECT value FROM memory WHERE lane = ? AND space = ? AND scope = ? AND key = ?',
        laneId,
        space,
        scopeId,
        key,
      )?.value;
    },
    write(lane, writes) {
      if (writes.length === 0) return;
      let total = rows();
      for (const { space, scope, key, value } of writes) {
        const scopeId = names.id(scope);
        const removed = database
          .prepare('DELETE FROM memory WHERE lane = ? AND space = ? AND scope = ? AND key = ?')
          .run(lane, space, scopeId, key).changes;
        total -= Number(removed);
        if (value === undefined) continue;
        database.run(
          'INSERT INTO memory (lane, space, scope, key, value) VALUES (?, ?, ?, ?, ?)',
          lane,
          space,
          scopeId,
          key,
          value,
        );
        total += 1;
      }
      count = total;
      prune();
    },
    forget({ destination: lane, space, scope, key }) {
      const conditions = ['lane = ?'];
      const values: SQLInputValue[] = [names.find(lane) ?? -1];
      const where = (column: string, value: SQLInputValue | undefined): void => {
        if (value === undefined) return;
        conditions.push(`${column} = ?`);
        values.push(value);
      };
      where('space', space);
      where('scope', scope === undefined ? undefined : (names.find(scope) ?? -1));
      where('key', key);
      const { changes } = database
        .prepare(`DELETE FROM memory WHERE ${conditions.join(' AND ')}`)
        .run(...values);
      count = undefined;
      return Number(changes);
    },
    reset() {
      count = undefined;
    },
  };
}

/** Writes conflicts and removes old ones; call it within a transaction. */
export function writeConflicts(
  database: Database,
  names: Names,
  lane: number,
  rows: readonly ConflictRow[],
): void {
  let last = 0;
  for (const row of rows) {
    last = Number(
      database
        .prepare(
          `INSERT INTO conflicts (lane, seq, mapping, order_key, field, rule, source, kept_source, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          lane,
          row.seq,
          names.id(row.mappingId),
          row.user,
          row.field,
          row.rule,
          names.id(row.sourceId),
          row.keptSourceId === undefined ? null : names.id(row.keptSourceId),
          row.at,
        ).lastInsertRowid,
    );
  }
  if (last > KEPT_CONFLICTS) database.run('DELETE FROM conflicts WHERE id <= ?', last - KEPT_CONFLICTS);
}

interface StoredConflict {
  readonly id: number;
  readonly lane: number;
  readonly seq: number;
  readonly mapping: number;
  readonly order_key: string;
  readonly field: string;
  readonly rule: ConflictRow['rule'];
  readonly source: number;
  readonly kept_source: number | null;
  readonly at: number;
}

/** Returns conflicts that match a filter, ascending by ID. */
export function findConflicts(
  database: Database,
  names: Names,
  { destination, user, afterId = 0, limit = -1 }: ConflictFilter,
): readonly ConflictRow[] {
  const conditions = ['id > ?'];
  const values: SQLInputValue[] = [afterId];
  if (destination !== undefined) {
    conditions.push('lane = ?');
    values.push(names.find(destination) ?? -1);
  }
  if (user !== undefined) {
    conditions.push('order_key = ?');
    values.push(user);
  }
  return database
    .all<StoredConflict>(
      `SELECT * FROM conflicts WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ?`,
      ...values,
      limit,
    )
    .map((row) => ({
      id: row.id,
      destination: names.text(row.lane),
      seq: row.seq,
      mappingId: names.text(row.mapping),
      user: row.order_key,
      field: row.field,
      rule: row.rule,
      sourceId: names.text(row.source),
      ...(row.kept_source === null ? {} : { keptSourceId: names.text(row.kept_source) }),
      at: row.at,
    }));
}
