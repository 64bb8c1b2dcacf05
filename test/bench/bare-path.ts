/*
 * The least that the path of an event can be: plain HTTP, SQLite with FULL syncs and a unique messageId, a worker thread
 * that reads what was stored and posts it in bulk. No checks, no mappings, no outcomes. It shows what the machine gives.
 * `bare-path.ts <folder> <destination>`
 */
import { createServer, request as httpRequest, Agent } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

interface BareEvent {
  readonly messageId: string;
  readonly userId: string;
  readonly event: string;
  readonly timestamp: string;
  readonly properties: unknown;
}

if (isMainThread) accept(process.argv[2]!, process.argv[3]!);
else deliver(workerData as { file: string; destination: string });

function accept(folder: string, destination: string): void {
  const file = `${folder}/bare.db`;
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
  database.exec(
    'CREATE TABLE events (seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)',
  );
  const insert = database.prepare('INSERT OR IGNORE INTO events (message_id, body) VALUES (?, ?)');
  const worker = new Worker(new URL(import.meta.url), { workerData: { file, destination } });
  let waiting: { readonly batch: readonly BareEvent[]; readonly done: () => void }[] = [];
  const commit = (): void => {
    const group = waiting;
    waiting = [];
    database.exec('BEGIN IMMEDIATE');
    for (const { batch } of group) {
      for (const event of batch) insert.run(event.messageId, JSON.stringify(event));
    }
    database.exec('COMMIT');
    for (const { done } of group) done();
    worker.postMessage('wake');
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { batch } = JSON.parse(Buffer.concat(chunks).toString()) as { batch: BareEvent[] };
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({
        batch,
        done: () => response.writeHead(200, { 'content-length': 16 }).end('{"success":true}'),
      });
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    process.send!({ url: `http://127.0.0.1:${port}` });
  });
  process.on('message', (message: string) => {
    if (message === 'stop') process.exit(0);
    const { user, system } = process.cpuUsage();
    process.send!({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1e6 });
  });
}

function deliver({ file, destination }: { file: string; destination: string }): void {
  const database = new DatabaseSync(file, { readOnly: true });
  const read = database.prepare('SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT 4000');
  const agent = new Agent({ keepAlive: true });
  let place = 0;
  let woken = false;
  let rouse = (): void => undefined;
  parentPort!.on('message', () => {
    woken = true;
    rouse();
  });
  const post = (events: readonly BareEvent[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const items = events.map(({ messageId, userId, event, timestamp, properties }) => ({
        id: messageId,
        userId,
        eventName: event,
        createdAt: Math.floor(Date.parse(timestamp) / 1000),
        dataFields: properties,
      }));
      const body = JSON.stringify({ events: items });
      const call = httpRequest(
        `${destination}/api/events/trackBulk`,
        { method: 'POST', agent, headers: { 'api-key': 'demo', 'content-length': Buffer.byteLength(body) } },
        (answer) => {
          answer.resume();
          answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error('refused'))));
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  const step = async (): Promise<void> => {
    for (;;) {
      woken = false;
      const rows = read.all(place) as { seq: number; body: string }[];
      if (rows.length === 0) {
        if (!woken) await new Promise<void>((resolve) => (rouse = resolve));
        continue;
      }
      const events = rows.map((row) => JSON.parse(row.body) as BareEvent);
      const calls: Promise<void>[] = [];
      for (let at = 0; at < events.length; at += 1000) calls.push(post(events.slice(at, at + 1000)));
      await Promise.all(calls);
      place = rows.at(-1)!.seq;
    }
  };
  step().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
