import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { AudienceError, loadDuckDb, openEngine } from './engine.ts';
import type { Job, Said } from './job.ts';
import { columnsOf, defineResult, readerOf } from './statements.ts';

/** Compares; rejects with what went wrong. */
export async function run(job: Job): Promise<Said> {
  const { file, folder, out, memoryMb, query, key } = job;
  const duckdb = await loadDuckDb();
  const temporary = join(out, 'temporary');
  mkdirSync(temporary, { recursive: true });
  const before = stampOf(file);
  const connection = await openEngine(duckdb, { file, folder, temporary, memoryMb });
  await defineResult(connection, duckdb, { reader: readerOf(file), query });
  const columns = await columnsOf(connection, key);
  const compared = await compare({ connection, job, columns, engine: duckdb.version(), duckdb });
  if (stampOf(file) !== before)
    throw new AudienceError(
      'audience_file_changed',
      'The file was written while it was read: nothing of it is taken. Write a new file and rename it.',
    );
  return { compared };
}

function stampOf(file: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    throw new AudienceError('audience_file_invalid', 'The file is not there, or cannot be read.');
  }
}
