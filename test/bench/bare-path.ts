/*
 * The least that the path of an event can be: plain HTTP, SQLite with FULL syncs and a unique messageId, a worker thread
 * that reads what was stored and posts it in bulk. No checks, no mappings, no outcomes. It shows what the machine gives.
 * `bare-path.ts <folder> <destination>`
 */
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { acceptBare, type BareEvent, posterOf } from './bare-http.ts';

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

async function deliver({ file, destination }: Places): Promise<void> {
  const database = new DatabaseSync(file, { readOnly: true });
  const read = database.prepare('SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT 4000');
  const post = posterOf(destination);
  let place = 0;
  let woken: boolean | undefined;
  let rouse = (): void => undefined;
  parentPort!.on('message', () => {
    woken = true;
    rouse();
  });
  for (;;) {
    woken = false;
    const rows = read.all(place) as { seq: number; body: string }[];
    if (rows.length === 0) {
      if (!woken) await new Promise<void>((resolve) => (rouse = resolve));
      continue;
    }
    await post(rows.map((row) => JSON.parse(row.body) as BareEvent));
    place = rows.at(-1)!.seq;
  }
}
