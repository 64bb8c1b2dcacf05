/*
 * The least that the path of an event can be: plain HTTP, SQLite with FULL syncs and a unique messageId, a worker thread
 * that reads what was stored and posts it in bulk. No checks, no mappings, no outcomes. It shows what the machine gives.
 * `bare-path.ts <folder> <destination>`
 */
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { acceptBare, deliverBare } from './bare-http.ts';

interface Places {
  readonly file: string;
  readonly destination: string;
}

if (isMainThread) await accept(process.argv[2]!, process.argv[3]!);
else await deliver(workerData as Places);

function accept(folder: string, destination: string): Promise<void> {
  const file = `${folder}/bare.db`;
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
  database.exec(
    'CREATE TABLE events (seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)',
  );
  const insert = database.prepare('INSERT OR IGNORE INTO events (message_id, body) VALUES (?, ?)');
  const worker = new Worker(new URL(import.meta.url), { workerData: { file, destination } satisfies Places });
  return acceptBare((events) => {
    database.exec('BEGIN IMMEDIATE');
    for (const event of events) insert.run(event.messageId, JSON.stringify(event));
    database.exec('COMMIT');
    worker.postMessage('wake');
  });
}

function deliver({ file, destination }: Places): Promise<never> {
  const database = new DatabaseSync(file, { readOnly: true });
  const read = database.prepare('SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT 4000');
  return deliverBare(destination, (place) => read.all(place) as { seq: number; body: string }[]);
}
