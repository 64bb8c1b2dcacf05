import type { Database } from './database.ts';
import { unlessDamaged } from './log-damage.ts';

/** The table of filters in parts; part of the schema of the log. Earlier versions wrote each filter whole, into `id_filters`. */
export const FILTER_PARTS_TABLE = `
  CREATE TABLE id_filter_parts (
    generation INTEGER NOT NULL,
    filter TEXT NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (generation, filter, part)
  );`;

/** The size of a part in bytes: each commit writes one, so that none takes long or needs much memory. */
const PART = 256 * 1024;

/** The bytes of the filters of one generation, by name. */
export type FilterBytes = Readonly<Record<string, Uint8Array>>;

/** Writes filters part by part. */
export interface FilterWriter {
  /** Queues the filters of a generation, which no longer change. */
  add(generation: number, filters: FilterBytes): void;
  /** Writes the next part, if there is one; call it within a transaction. */
  write(): void;
  /** Confirms the last part after its commit. */
  keep(): void;
}

interface Part {
  readonly generation: number;
  readonly filter: string;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
}

/** Creates the writer of a database. */
export function createFilterWriter(database: Database): FilterWriter {
  const queue: Part[] = [];
  let isWritten = false;
  return {
    add(generation, filters) {
      for (const [filter, bytes] of Object.entries(filters)) {
        const parts = Math.ceil(bytes.length / PART);
        for (let part = 0; part < parts; part += 1) {
          const own = bytes.subarray(part * PART, (part + 1) * PART);
          queue.push({ generation, filter, part, parts, bytes: own });
        }
      }
    },
    write() {
      const [next] = queue;
      if (next === undefined) return;
      database.run(
        'INSERT OR REPLACE INTO id_filter_parts (generation, filter, part, parts, bytes) VALUES (?, ?, ?, ?, ?)',
        next.generation,
        next.filter,
        next.part,
        next.parts,
        next.bytes,
      );
      isWritten = true;
    },
    keep() {
      if (isWritten) queue.shift();
      isWritten = false;
    },
  };
}

/** Reads the bytes of a filter; undefined when parts are missing or damaged. */
export function readFilter(database: Database, generation: number, filter: string): Uint8Array | undefined {
  const rows = unlessDamaged(database, () =>
    database.all<Pick<Part, 'parts' | 'bytes'>>(
      'SELECT parts, bytes FROM id_filter_parts WHERE generation = ? AND filter = ? ORDER BY part',
      generation,
      filter,
    ),
  );
  const [first] = rows ?? [];
  if (rows === undefined || first === undefined || rows.length !== first.parts) return undefined;
  return Buffer.concat(rows.map(({ bytes }) => bytes));
}
