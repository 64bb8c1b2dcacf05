import { join } from 'node:path';
import { openStores } from '@waybill/delivery';
import { type Child, startChild } from '../children.ts';

/** How the processes are started: the flags of Node, and of a server. */
export interface Flags {
  readonly node: readonly string[];
  readonly server: readonly string[];
}

/** A shop and the settings of its source. */
export type Shop = Child<{ readonly url: string; readonly settings: object }>;

/** The result of reading all orders. */
export interface Read {
  readonly rows: number;
  /** Of all orders, in cents. */
  readonly total: number;
  readonly seconds: number;
  readonly megabytes: number;
  /** CPU seconds of the reading process, without its start, and of the shop. */
  readonly cpu: number;
  readonly shopCpu: number;
}

/** The result of a back-fill. */
export interface Filled extends Read {
  /** Events, and the number of different orders in them. */
  readonly events: number;
  readonly orders: number;
}

type Answer = Readonly<Record<string, unknown>>;

/** Reads a number of orders of a shop and discards them. */
export async function discard(shop: Shop, { server }: Flags, most: number): Promise<Read> {
  return beside(shop, async () => {
    const given = [JSON.stringify(shop.first.settings), String(most)];
    const { first } = await startPart<Read>('discard.ts', given, server);
    return first;
  });
}

/** The orders that a shop has. */
export function ordersOf(shop: Shop): Promise<Pick<Read, 'rows' | 'total'>> {
  return shop.ask('orders');
}

/** The result of some work, with the CPU seconds of the shop. */
async function beside<T extends object>(
  shop: Shop,
  work: () => Promise<T>,
): Promise<T & Pick<Read, 'shopCpu'>> {
  const before = await shop.ask<number>('cpu');
  const done = await work();
  return { ...done, shopCpu: (await shop.ask<number>('cpu')) - before };
}

/** Starts a server that reads the shop, and sends to an Iterable if there is one. */
export function serve(folder: string, shop: Shop, { server }: Flags, iterable?: string): Promise<Child> {
  const workspace = {
    sources: [
      { id: 'shop', type: 'bigcommerce', settings: shop.first.settings },
      { id: 'web', writeKey: 'demo' },
    ],
    destinations:
      iterable === undefined
        ? []
        : [
            {
              id: 'iterable',
              type: 'iterable',
              settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: iterable },
            },
          ],
  };
  const hosts = [shop.first.url, ...(iterable === undefined ? [] : [iterable])].map(
    (url) => new URL(url).host,
  );
  return startPart('serve.ts', [folder, JSON.stringify(workspace), hosts.join(',')], server);
}

/** Starts a script of this folder. */
export function startPart<First = { readonly url: string }>(
  script: string,
  args: readonly string[],
  execArgv: readonly string[],
): Promise<Child<First>> {
  return startChild<First>(join(import.meta.dirname, script), args, execArgv);
}

/** Asks the API of a server. */
async function ask(url: string, path: string, body?: unknown): Promise<readonly Answer[]> {
  const answer = await fetch(`${url}/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as readonly Answer[];
}

/** Begins a back-fill of the orders. */
export async function begin({ first }: Child): Promise<void> {
  await ask(first.url, 'sources/shop/backfill', { streams: ['orders'] });
}

/** The status of a back-fill. */
export async function standing({ first }: Child): Promise<Answer> {
  const lines = await ask(first.url, 'sources/shop/streams');
  const line = lines.findLast(({ mode }) => mode === 'backfill');
  if (line?.['failure'] !== undefined) throw new Error(JSON.stringify(line['failure']));
  return line ?? {};
}

/** Waits until a number of rows, or all of them, were read. */
export async function reached(server: Child, rows: number, patience: number): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const { read, ended } = await standing(server);
    if (ended === true || Number(read) >= rows) return;
    if (Date.now() > end) throw new Error(`Only ${String(read)} rows were read within ${patience} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a server has taken so far. */
interface Usage {
  readonly megabytes: number;
  readonly cpu: number;
}

/** How many orders there are, whether the server is killed in the middle, and how many milliseconds a part may take. */
interface Filling {
  readonly count: number;
  readonly kill: boolean;
  readonly patience: number;
}

/** Reads the history of a shop, optionally with a kill in the middle, and counts the events in the log. */
export function backfill(folder: string, shop: Shop, flags: Flags, filling: Filling): Promise<Filled> {
  return beside(shop, () => filled(folder, shop, flags, filling));
}

async function filled(
  folder: string,
  shop: Shop,
  flags: Flags,
  { count, kill, patience }: Filling,
): Promise<Omit<Filled, 'shopCpu'>> {
  let server = await serve(folder, shop, flags);
  let began = performance.now();
  let seconds = 0;
  let cpu = -(await server.ask<Usage>('cpu')).cpu;
  await begin(server);
  if (kill) {
    await reached(server, count / 2, patience);
    cpu += (await server.ask<Usage>('cpu')).cpu;
    await server.kill();
    seconds = (performance.now() - began) / 1_000;
    server = await serve(folder, shop, flags);
    began = performance.now();
    cpu -= (await server.ask<Usage>('cpu')).cpu;
  }
  await reached(server, Infinity, patience);
  seconds += (performance.now() - began) / 1_000;
  const { read, total: counted } = await standing(server);
  const usage = await server.ask<Usage>('stop');
  if (read !== counted)
    throw new Error(`${String(read)} rows were read, and the shop counts ${String(counted)}.`);
  const spent = { megabytes: usage.megabytes, cpu: cpu + usage.cpu };
  return { rows: Number(read), seconds, ...spent, ...(await told(folder)) };
}

/** The orders in the log. */
async function told(folder: string): Promise<Pick<Filled, 'events' | 'orders' | 'total'>> {
  const { log, close } = await openStores(`sqlite:${folder}`, { writes: [], only: ['log'] });
  const orders = new Set<string>();
  let [events, total, after] = [0, 0, 0];
  for (;;) {
    const page = await log.read({ after, limit: 5_000 });
    for (const { event } of page) {
      if (event.event !== 'Order Completed') continue;
      const { order_id: id, total: amount } = event.properties as { order_id: string; total: number };
      orders.add(id);
      events += 1;
      total += Math.round(amount * 100);
    }
    if (page.length === 0) break;
    after = page.at(-1)!.seq;
  }
  await close();
  return { events, orders: orders.size, total };
}

/** Returns the differences between a back-fill and the orders of the shop. */
export function faultsOf(filled: Filled, { rows, total }: Pick<Read, 'rows' | 'total'>): readonly string[] {
  const wanted = { rows, events: rows, orders: rows, total };
  return Object.entries(wanted).flatMap(([name, value]) => {
    const found = filled[name as keyof typeof wanted];
    return found === value ? [] : [`${name}: ${found} instead of ${value}`];
  });
}
