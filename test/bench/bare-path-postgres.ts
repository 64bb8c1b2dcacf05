/*
 * The least that the path of an event can be over PostgreSQL: plain HTTP, one insert of many rows for all requests of the same moment, a
 * unique messageId, a worker thread that reads what was stored, posts it in bulk and writes down how far it is; with `marks`, it marks each row
 * as delivered, as queues in SQL do. No checks, no mappings, no outcomes. It shows what the machine gives.
 * `bare-path-postgres.ts <folder> <destination> <address> [marks]`
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import pg from 'pg';
import { acceptBare, type BareRow, deliverBare } from './bare-http.ts';

interface Places {
  readonly address: string;
  readonly destination: string;
  readonly marks: boolean;
}

const [, , , destination, address, marks] = process.argv as [string, string, string, string, string, string?];
if (isMainThread) await accept({ address, destination, marks: marks === 'marks' });
else await deliver(workerData as Places);

async function connected(address: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  return client;
}

async function accept(places: Places): Promise<void> {
  const client = await connected(places.address);
  await client.query(
    `CREATE TABLE bare (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message_id text NOT NULL UNIQUE, body text NOT NULL, delivered_at timestamptz)
       ${places.marks ? 'WITH (fillfactor = 80)' : ''};
     CREATE TABLE place (seq bigint NOT NULL); INSERT INTO place VALUES (0)`,
  );
  const worker = new Worker(new URL(import.meta.url), { workerData: places });
  await acceptBare(async (events) => {
    await client.query({
      name: 'insert',
      text: `INSERT INTO bare (message_id, body) SELECT * FROM unnest($1::text[], $2::text[])
        ON CONFLICT (message_id) DO NOTHING`,
      values: [events.map(({ messageId }) => messageId), events.map((event) => JSON.stringify(event))],
    });
    worker.postMessage('wake');
  });
}

async function deliver({ address, destination, marks }: Places): Promise<never> {
  const client = await connected(address);
  const text = 'SELECT seq, body FROM bare WHERE seq > $1 ORDER BY seq LIMIT 4000';
  const note = marks
    ? 'UPDATE bare SET delivered_at = now() WHERE seq > $2 AND seq <= $1'
    : 'UPDATE place SET seq = $1 WHERE $2::bigint >= 0';
  let before = 0;
  return deliverBare(
    destination,
    async (place) => (await client.query<BareRow>({ name: 'read', text, values: [place] })).rows,
    async (place) => {
      await client.query({ name: 'note', text: note, values: [place, before] });
      before = place;
    },
  );
}
