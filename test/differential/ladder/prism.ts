import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { HttpResponse, RowQuery, ShopStream, SourceContext } from '@waybill/core';
import { createShopSandbox } from '@waybill/shop-sandboxes';
import { type Ask, ownAsk, readAll, sourceOf } from '../reading.ts';
import type { Given, Rung } from './rung.ts';

/** As much of Prism as is used. */
interface PrismHttp {
  getHttpOperationsFromSpec(file: string): Promise<readonly object[]>;
}
interface PrismServer {
  createServer(
    operations: readonly object[],
    options: object,
  ): { listen(port: number, host: string): Promise<string>; close(): Promise<void> };
}

/** The descriptions that the paths which we call are in. */
const DESCRIPTIONS = {
  v2: ['orders.v2.oas2.yml', 'store_information.v2.yml', 'customers.v2.yml'],
  v3: [
    ...['orders.v3.yml', 'customers.v3.yml', 'subscribers.v3.yml', 'carts.v3.yml', 'checkouts.v3.yml'],
    ...['abandoned_carts.v3.yml', 'channels.v3.yml', 'sites.v3.yml', 'settings.v3.yml', 'webhooks.v3.yml'],
    ...['products', 'categories', 'brands'].map((name) => `catalog/${name}_catalog.v3.yml`),
  ],
} as const;
type Version = keyof typeof DESCRIPTIONS;

const SILENT = Object.fromEntries(
  ['info', 'debug', 'warn', 'error', 'success', 'note', 'start', 'trace', 'fatal'].map((name) => [
    name,
    () => undefined,
  ]),
);

interface Served {
  /** The same calls, made to Prism in place of the store. */
  readonly ask: Ask;
  /** What Prism had against calls and answers, each with the path: once. */
  readonly against: ReadonlySet<string>;
  readonly calls: () => number;
  close(): Promise<void>;
}

/** Starts Prism on the descriptions: as a mock, or as a proxy of another store. */
async function serve({ load, named }: Given, upstream?: string): Promise<Served> {
  const http = (await load('@stoplight/prism-http')) as PrismHttp;
  const { createServer } = (await load('@stoplight/prism-http-server')) as PrismServer;
  const logger = { ...SILENT, child: () => logger };
  const open = async (version: Version) => {
    const files = DESCRIPTIONS[version].map((name) => join(named['bigcommerce-description']!, name));
    const operations = (await Promise.all(files.map((file) => http.getHttpOperationsFromSpec(file)))).flat();
    const kind =
      upstream === undefined
        ? { isProxy: false }
        : { isProxy: true, upstream: new URL(`${upstream}/${version}`), upstreamProxy: undefined };
    const isChecked = upstream !== undefined;
    const checks = {
      checkSecurity: true,
      // Prism answers nothing to calls that the description forbids, be it by mistake.
      validateRequest: isChecked,
      validateResponse: isChecked,
      errors: false,
    };
    const server = createServer(operations, {
      cors: false,
      config: { ...kind, ...checks, mock: { dynamic: false } },
      components: { logger },
    });
    return { server, url: await server.listen(0, '127.0.0.1') };
  };
  const servers = { v2: await open('v2'), v3: await open('v3') };
  const own = ownAsk(servers.v2.url, servers.v3.url);
  const against = new Set<string>();
  let calls = 0;
  const ask: Ask = async (call) => {
    calls += 1;
    const [, version, path] = /\/stores\/[^/]+\/(v[23])(\/.*)$/.exec(new URL(call.url).pathname)!;
    const { url } = servers[version as Version];
    const answer = await own({ ...call, url: `${url}${path}` });
    const at = `${call.method ?? 'GET'} ${version}${path!.replace(/\/[\w-]*\d[\w-]*/g, '/{id}')}`;
    for (const said of complaintsOf(answer)) against.add(`${at}: ${said}`);
    return answer;
  };
  const close = async () => {
    for (const { server } of Object.values(servers)) await server.close();
  };
  return { ask, against, calls: () => calls, close };
}

function complaintsOf(answer: Awaited<ReturnType<Ask>>): readonly string[] {
  if (answer.kind === 'failure') return [answer.message];
  const { headers, status, body } = answer as HttpResponse;
  const violations = JSON.parse(headers['sl-violations'] ?? '[]') as readonly {
    readonly location: readonly string[];
    readonly message: string;
  }[];
  const said = violations.map(({ location, message }) =>
    // What the answer as a whole is blamed for is its status.
    `${location.length === 1 ? `${location[0]} ${status}` : location.join('.').replace(/\.\d+/g, '[]')}: ${message}`.slice(
      0,
      160,
    ),
  );
  const type = String((body as { readonly type?: unknown } | undefined)?.type ?? '');
  return type.includes('prism') ? [...said, `${status} ${type.split('#')[1] ?? type}`] : said;
}

/** Has our source read Prism, and our store checked by it. */
export const prism: Rung = {
  name: 'bigcommerce: Prism on the official description is read by us, and checks what our local store says',
  needs: 'bigcommerce-description',
  packages: () => ['@stoplight/prism-http@5.16.0', '@stoplight/prism-http-server@5.16.0'],
  run: async (given) => [...(await examples(given)), ...(await checked(given))],
};

/** Reads the examples of the description. */
async function examples(given: Given): Promise<readonly string[]> {
  const served = await serve(given);
  const settings = { storeHash: 'hash', accessToken: 'token', apiUrl: 'http://127.0.0.1' };
  const said: string[] = [];
  const { streams } = sourceOf('bigcommerce').shop!;
  try {
    const context = { settings, request: served.ask, now: Date.now, memory: new Map() };
    for (const [name, stream] of Object.entries(streams))
      for (const by of ['created', 'changed'] as const)
        if (stream.page !== undefined)
          said.push(`examples, ${name} by ${by}: ${await exampleOf(stream, by, context)}`);
    return [...said, ...[...served.against].map((one) => `examples, against: ${one}`)];
  } finally {
    await served.close();
  }
}

/** The result of the first page of a stream: an example may lack what a row needs. */
async function exampleOf(stream: ShopStream, by: RowQuery['by'], context: SourceContext): Promise<string> {
  try {
    const since = '2020-01-01T00:00:00Z';
    const found = await stream.page!({ by, since, skip: 0, limit: 5 }, context);
    if ('failure' in found) return found.failure.message;
    const told = found.rows.map((row) =>
      stream
        .states(row, context)
        .map(({ kind }) => kind)
        .join(' and '),
    );
    return told.join(', ') || 'no rows';
  } catch (error) {
    return `none, as it lacks something: ${String(error)}`;
  }
}

/** Where the description contradicts its own strings and examples, or BigCommerce. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/orders: request\.query\.sort/, 'a direction may stand behind the field, says the text'],
  [
    /v2\/orders: response 204: Unable to match/,
    'version 2 answers a list without rows with 204, which the description leaves out',
  ],
  [/subscribers: request\.query.*'id'/, 'the id is not required'],
  [/base_variant_id must be integer/, 'null where a product has variants'],
  [/icon_url must match format/, 'empty where a channel has none'],
];

/** Reads our store through Prism, which checks each call and each answer. */
async function checked(given: Given): Promise<readonly string[]> {
  const shop = await createShopSandbox({
    platform: 'bigcommerce',
    start: Date.UTC(2026, 0, 5),
    limits: false,
  });
  const { settings, url } = shop;
  const served = await serve(given, `${url}/stores/${String(settings['storeHash'])}`);
  try {
    await shop.play('all');
    const of = { slug: 'bigcommerce', settings, now: Date.now() };
    const through = await readAll(of, served.ask);
    if (!isDeepStrictEqual(through, await readAll(of, ownAsk(url)))) throw new Error('The states differ.');
    const against = [...served.against].map((one) => {
      const known = KNOWN.find(([pattern]) => pattern.test(one));
      if (known === undefined) throw new Error(`Prism has something against our store: ${one}`);
      return `our store, of no account: ${one} (${known[1]})`;
    });
    const states = Object.values(through).flat().length;
    return [`our store: ${served.calls()} calls and answers checked, ${states} states agree`, ...against];
  } finally {
    await served.close();
    await shop.close();
  }
}
