import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Rows by the path of their list, below the project, the store or the shop, or a function that returns the requested ones; a value
 * that is not a list is returned unchanged.
 */
export type Payloads = Readonly<Record<string, unknown>>;

/** A platform that only has these payloads. */
export interface PayloadShop {
  readonly slug: string;
  readonly url: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly now: number;
  close(): Promise<void>;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

interface Kind {
  /** The prefix of the paths. */
  readonly base: string;
  readonly settings: (url: string) => PayloadShop['settings'];
  /** The requested rows of a list. */
  readonly span: (query: URLSearchParams) => { readonly from: number; readonly limit: number };
  /** A page of a list. */
  readonly page: (rows: Rows, path: string, whole: Rows, from: number) => unknown;
  /** What names a row, where it can be read by that. */
  readonly id: string;
  /** The value of missing paths. */
  readonly missing: { readonly status: number; readonly body: unknown };
  readonly always?: Payloads;
}

const number = (query: URLSearchParams, name: string, otherwise: number): number =>
  Number(query.get(name) ?? otherwise);

const KINDS: Readonly<Record<string, Kind>> = {
  commercetools: {
    base: '/shop/',
    settings: (url) => ({
      ...{ projectKey: 'shop', clientId: 'client', clientSecret: 'secret' },
      ...{ apiUrl: url, authUrl: url },
    }),
    span: (query) => ({ from: number(query, 'offset', 0), limit: number(query, 'limit', 20) }),
    page: (results, _path, { length: total }, offset) => ({
      ...{ limit: results.length, offset, count: results.length, total, results },
    }),
    id: 'id',
    missing: { status: 404, body: { statusCode: 404, message: 'Nothing.', errors: [] } },
  },
  bigcommerce: {
    base: '/stores/hash/',
    settings: (url) => ({
      ...{ apiUrl: url, storeHash: 'hash', accessToken: 'token', clientSecret: 'client-secret' },
    }),
    span: (query) => {
      const limit = number(query, 'limit', 50);
      return { limit, from: (number(query, 'page', 1) - 1) * limit };
    },
    page: (rows, path, { length: total }) =>
      path.startsWith('v2/') ? rows : { data: rows, meta: { pagination: { total } } },
    id: 'id',
    missing: { status: 404, body: { status: 404, title: 'Nothing.' } },
  },
  magento2: {
    base: '/rest/all/V1/',
    settings: (url) => ({
      ...{
        baseUrl: url,
        consumerKey: 'ck',
        consumerSecret: 'cs',
        accessToken: 'at',
        accessTokenSecret: 'as',
      },
    }),
    span: (query) => {
      const limit = number(query, 'searchCriteria[pageSize]', 100);
      return { limit, from: (number(query, 'searchCriteria[currentPage]', 1) - 1) * limit };
    },
    page: (items, _path, { length: total_count }) => ({ items, total_count }),
    id: 'entity_id',
    missing: { status: 404, body: { message: 'No such entity with %fieldName = %fieldValue' } },
    always: { 'store/storeViews': [], 'store/websites': [], 'products/attributes/manufacturer/options': [] },
  },
  ultracart: {
    base: '/rest/v2/',
    settings: (url) => ({ apiUrl: `${url}/rest/v2`, apiKey: 'key', webhookPassword: 'password' }),
    span: (query) => ({ from: number(query, '_offset', 0), limit: number(query, '_limit', 100) }),
    page: (rows, path, { length: total_records }) => {
      const name = path.startsWith('order/') ? 'orders' : path.split('/')[1]!;
      return { success: true, metadata: { result_set: { total_records } }, [name]: rows };
    },
    id: 'customer_profile_oid',
    missing: { status: 404, body: { success: false, error: { user_message: 'not found' } } },
  },
};

/** Serves payloads. */
export async function servePayloads(slug: string, payloads: Payloads, now: number): Promise<PayloadShop> {
  const kind = KINDS[slug]!;
  const known: Payloads = { ...kind.always, ...payloads };
  const server = createServer(async (request, response) => {
    const asked = Buffer.concat(await request.toArray()).toString();
    const url = new URL(request.url!, 'http://shop');
    const { status, body } =
      url.pathname === '/oauth/token'
        ? { status: 200, body: { access_token: 'token', expires_in: 3600 } }
        : answerOf(kind, known, url, asked);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { slug, url, now, settings: kind.settings(url), close: () => closed(server) };
}

function answerOf(kind: Kind, known: Payloads, { pathname, searchParams }: URL, asked: string) {
  const path = decodeURIComponent(pathname.slice(kind.base.length));
  const given = known[path];
  const found = typeof given === 'function' ? (given(JSON.parse(asked)) as unknown) : given;
  if (found !== undefined) {
    // Lists of this kind have no envelope, and are read whole.
    if (!Array.isArray(found) || kind.always?.[path] !== undefined || path.startsWith('store/'))
      return { status: 200, body: found };
    const { from, limit } = kind.span(searchParams);
    const rows = (found as Rows).slice(from, from + limit);
    return { status: 200, body: kind.page(rows, path, found as Rows, from) };
  }
  const [, list = '', id] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
  const rows = known[list];
  const row = Array.isArray(rows) ? (rows as Rows).find((one) => String(one[kind.id]) === id) : undefined;
  return row === undefined ? kind.missing : { status: 200, body: row };
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
