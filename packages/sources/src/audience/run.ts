import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { AudienceError, loadDuckDb, openEngine } from './engine.ts';
import type { Job, Said } from './job.ts';
import { fetchRows } from './rows.ts';
import { columnsOf, defineResult, readerOf } from './statements.ts';

/** The input of DuckDB. */
interface Given {
  readonly file: string;
  readonly reader: string;
  readonly query: string | undefined;
}

/** Compares; rejects with the failure. */
export async function run(job: Job): Promise<Said> {
  const { folder, out, memoryMb } = job;
  const duckdb = await loadDuckDb();
  const temporary = join(out, 'temporary');
  mkdirSync(temporary, { recursive: true });
  const given = await givenTo(job, temporary);
  const { file } = given;
  const before = stampOf(file);
  const connection = await openEngine(duckdb, { file, folder, temporary, memoryMb });
  await defineResult(connection, duckdb, given);
  const columns = await columnsOf(connection, job);
  const compared = await compare({ connection, job, columns, engine: duckdb.version(), duckdb });
  if (stampOf(file) !== before)
    throw new AudienceError(
      'audience_file_changed',
      'The file was written while it was read, so it was not used. Write a new file and rename it.',
    );
  if ('database' in job.from) rmSync(file);
  return { compared };
}

/** A file as it is, or the rows of a database as a file: both are compared equally. */
async function givenTo(job: Job, temporary: string): Promise<Given> {
  const { from, query } = job;
  if ('file' in from) return { file: from.file, reader: readerOf(from.file), query };
  const file = join(temporary, 'rows.jsonl');
  const reader = await fetchRows(from.database, job, file);
  return { file, reader, query: undefined };
}

function stampOf(file: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    throw new AudienceError('audience_file_invalid', 'The file does not exist, or cannot be read.');
  }
}
