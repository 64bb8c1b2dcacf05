import { Agent, createServer, request as httpRequest } from 'node:http';
import { parentPort } from 'node:worker_threads';

/** An event of the bare path. */
export interface BareEvent {
  readonly messageId: string;
  readonly userId: string;
  readonly event: string;
  readonly timestamp: string;
  readonly properties: unknown;
}

/** An event as a bare path stores it: the body is its JSON. */
export interface BareRow {
  readonly seq: number | string;
  readonly body: string;
}

/** Events of a call at most. */
const CALL = 1_000;

/**
 * Accepts batches by HTTP, stores all that arrived meanwhile in one write, then answers, and reports its work to the parent process.
 */
export async function acceptBare(
  store: (events: readonly BareEvent[]) => Promise<void> | void,
): Promise<void> {
  let waiting: { readonly batch: readonly BareEvent[]; readonly done: () => void }[] = [];
  let committing = false;
  const commit = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await store(group.flatMap(({ batch }) => batch));
      for (const { done } of group) done();
    }
    committing = false;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { batch } = JSON.parse(Buffer.concat(chunks).toString()) as { batch: BareEvent[] };
      waiting.push({
        batch,
        done: () => response.writeHead(200, { 'content-length': 16 }).end('{"success":true}'),
      });
      if (committing) return;
      committing = true;
      setImmediate(() => void commit());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.on('message', (message: string) => {
    if (message === 'stop') process.exit(0);
    const { user, system } = process.cpuUsage();
    process.send!({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1e6 });
  });
  process.send!({ url: `http://127.0.0.1:${port}` });
}

/** Posts the result of `read` after a position whenever the thread is notified; `note` stores the position. */
export async function deliverBare(
  destination: string,
  read: (place: number) => Promise<readonly BareRow[]> | readonly BareRow[],
  note: (place: number) => Promise<void> | void = () => undefined,
): Promise<never> {
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
    const rows = await read(place);
    if (rows.length === 0) {
      if (!woken) await new Promise<void>((resolve) => (rouse = resolve));
      continue;
    }
    await post(rows.map(({ body }) => JSON.parse(body) as BareEvent));
    place = Number(rows.at(-1)!.seq);
    await note(place);
  }
}

/** Posts events to the bulk endpoint of a destination, all calls concurrently. */
function posterOf(destination: string): (events: readonly BareEvent[]) => Promise<void> {
  const agent = new Agent({ keepAlive: true });
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
  return async (events) => {
    const calls: Promise<void>[] = [];
    for (let at = 0; at < events.length; at += CALL) calls.push(post(events.slice(at, at + CALL)));
    await Promise.all(calls);
  };
}
