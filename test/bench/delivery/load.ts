/*
 * The load generator, in a separate process. It writes requests into sockets from a prepared buffer, so it costs next to nothing:
 * only the digits of IDs and users are rewritten.
 */
import { connect, type Socket } from 'node:net';

/** An order for the generator. */
export interface LoadOrder {
  /** The servers; connections are spread over them round-robin. */
  readonly urls: readonly string[];
  readonly connections: number;
  readonly eventsPerRequest: number;
  /** The maximum number of events; until stopped when absent. */
  readonly events?: number;
  /** Events that may be sent and not delivered; absent: no bound. */
  readonly window?: number;
  /** Events a second; absent: as fast as answers come. */
  readonly rate?: number;
  /** Which event is sent: views go out in bulk, orders one by one; views when absent. */
  readonly event?: 'Product Viewed' | 'Order Completed';
  /** Where user and message numbers begin. */
  readonly from: number;
}

/** Messages to the generator. */
export type ToLoad =
  | { readonly kind: 'run'; readonly order: LoadOrder }
  | { readonly kind: 'delivered'; readonly count: number }
  | { readonly kind: 'stop' };

/** Messages from the generator. */
export type FromLoad =
  | { readonly kind: 'ready' }
  | { readonly kind: 'accepted'; readonly count: number }
  | { readonly kind: 'ended'; readonly count: number; readonly answers: Answers };

/** How long the server took to answer requests, in milliseconds. */
export interface Answers {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const USERS = 5_000;
const ID_DIGITS = 24;
const PRODUCT = (user: string): string =>
  `"product_id":"sku-${user}","name":"Plain white shirt","price":19.9,"quantity":1`;
const PROPERTIES = {
  'Product Viewed': (_id: string, user: string): string => `{${PRODUCT(user)},"currency":"EUR"}`,
  'Order Completed': (id: string, user: string): string =>
    `{"order_id":"${id}","total":19.9,"currency":"EUR","products":[{${PRODUCT(user)}}]}`,
};
const EVENT = (id: string, user: string, event: keyof typeof PROPERTIES): string =>
  `{"type":"track","messageId":"${id}","userId":"user-${user}","timestamp":"2025-06-01T12:00:00.000Z",` +
  `"event":"${event}","properties":${PROPERTIES[event](id, user)},` +
  `"context":{"ip":"203.0.113.7","library":{"name":"@segment/analytics-node","version":"3.1.0"}}}`;

let delivered = 0;
let stopping = false;
let sent = 0;
let accepted = 0;
let wake: (() => void)[] = [];
const say = (message: FromLoad): void => void process.send!(message);

/** A request body whose ids can be written in place. */
function makeRequest(order: LoadOrder): {
  readonly bytes: Buffer;
  readonly ids: number[];
  readonly users: number[];
} {
  const id = 'i'.repeat(ID_DIGITS);
  const user = 'u'.repeat(4);
  const events = Array.from({ length: order.eventsPerRequest }, () =>
    EVENT(id, user, order.event ?? 'Product Viewed'),
  );
  const body = `{"batch":[${events.join(',')}],"sentAt":"${new Date().toISOString()}"}`;
  const head =
    `POST /v1/batch HTTP/1.1\r\nhost: waybill\r\nauthorization: Basic ${btoa('demo:')}\r\n` +
    `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const bytes = Buffer.from(head + body);
  const places = (text: string): number[] => {
    const found: number[] = [];
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) found.push(at);
    return found;
  };
  return { bytes, ids: places(id), users: places(user) };
}

function digits(bytes: Buffer, at: number, count: number, value: number): void {
  for (let place = count - 1, rest = value; place >= 0; place -= 1) {
    bytes[at + place] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Writes IDs that contain the time of sending, so that a receiver can compute the latency. */
function stamp(request: ReturnType<typeof makeRequest>, from: number, count: number): void {
  const now = Date.now();
  const each = (places: readonly number[], write: (at: number, event: number) => void): void =>
    places.forEach((at, index) => write(at, Math.floor((index * count) / places.length)));
  each(request.ids, (at, event) => {
    digits(request.bytes, at, 13, now);
    digits(request.bytes, at + 13, ID_DIGITS - 13, from + event);
  });
  each(request.users, (at, event) => digits(request.bytes, at, 4, (from + event) % USERS));
}

async function run(order: LoadOrder): Promise<void> {
  stopping = false;
  sent = 0;
  accepted = 0;
  const took: number[] = [];
  const began = performance.now();
  const room = (): boolean =>
    (order.window === undefined || sent - delivered < order.window) &&
    (order.rate === undefined || sent < ((performance.now() - began) / 1000) * order.rate);
  const over = (): boolean => stopping || (order.events !== undefined && sent >= order.events);
  const told = setInterval(() => say({ kind: 'accepted', count: accepted }), 100);
  await Promise.all(
    Array.from({ length: order.connections }, async (_one, index) => {
      const { hostname, port } = new URL(order.urls[index % order.urls.length]!);
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      const request = makeRequest(order);
      while (!over()) {
        if (!room()) {
          await new Promise<void>((resolve) => {
            wake.push(resolve);
            setTimeout(resolve, 1);
          });
          continue;
        }
        stamp(request, order.from + sent, order.eventsPerRequest);
        sent += order.eventsPerRequest;
        const asked = performance.now();
        const status = await exchange(socket, request.bytes);
        took.push(performance.now() - asked);
        if (status !== 200) throw new Error(`The server answered ${status}.`);
        accepted += order.eventsPerRequest;
      }
      socket.destroy();
    }),
  );
  clearInterval(told);
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.floor((took.length - 1) * share)] ?? 0;
  say({ kind: 'ended', count: accepted, answers: { p50: at(0.5), p99: at(0.99), max: at(1) } });
}

/** Sends one request and resolves with the status of its answer. */
function exchange(socket: Socket, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (act: () => void): void => {
      socket.off('data', read);
      socket.off('error', fail);
      socket.off('close', fail);
      act();
    };
    const fail = (error?: unknown): void =>
      done(() => reject(error instanceof Error ? error : new Error('The connection was closed.')));
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length >= head + 4 + length) done(() => resolve(Number(text.slice(9, 12))));
    };
    socket.on('data', read);
    socket.on('error', fail);
    socket.on('close', fail);
    socket.write(bytes);
  });
}

process.on('message', (message: ToLoad) => {
  if (message.kind === 'delivered') {
    delivered = message.count;
    for (const resolve of wake.splice(0)) resolve();
  } else if (message.kind === 'stop') stopping = true;
  else {
    run(message.order).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  }
});
wake = [];
say({ kind: 'ready' });
