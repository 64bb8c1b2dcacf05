import type { Connection, DuckDb } from './engine.ts';

/** The maximum number of buckets: two lists of 16 MB. */
const MOST = 22;
const LEAST = 8;

/** Returns the number of buckets for a number of rows: about one per two or three rows. */
export function bucketsFor(rows: number): number {
  return 2 ** Math.min(MOST, Math.max(LEAST, Math.ceil(Math.log2(rows / 2 + 1))));
}

/**
 * Writes the buckets in which two lists of hashes differ to the table `__dirty`: where the hashes of both do not cancel out, or one
 * has more. Counted here and not in SQL, where grouping costs five times as much.
 */
export async function findDirty(
  connection: Connection,
  { bindings }: Pick<DuckDb, 'bindings'>,
  { old, fresh, buckets }: { readonly old: string; readonly fresh: string; readonly buckets: number },
): Promise<void> {
  const mixed = new Int32Array(buckets);
  const counted = new Int32Array(buckets);
  const mask = buckets - 1;
  for (const [from, step] of [
    [old, -1],
    [fresh, 1],
  ] as const) {
    const result = await connection.stream(`SELECT __h FROM ${from}`);
    for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
      const { rowCount } = chunk;
      if (rowCount === 0) break;
      const bytes = bindings.vector_get_data(bindings.data_chunk_get_vector(chunk.chunk, 0), rowCount * 8);
      const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, rowCount * 2);
      for (let at = 0; at < halves.length; at += 2) {
        const bucket = halves[at]! & mask;
        mixed[bucket]! ^= halves[at + 1]!;
        counted[bucket]! += step;
      }
    }
  }
  await connection.run('CREATE TEMP TABLE __dirty (b UINTEGER)');
  const appender = await connection.createAppender('__dirty');
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    if (mixed[bucket] === 0 && counted[bucket] === 0) continue;
    appender.appendUInteger(bucket);
    appender.endRow();
  }
  appender.closeSync();
}
