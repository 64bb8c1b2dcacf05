import { createShopSandbox } from '@waybill/shop-sandboxes';
import { isDeepStrictEqual } from 'node:util';
import { ownAsk, type Read, readAll } from '../reading.ts';
import type { Rung } from './rung.ts';

type Json = Readonly<Record<string, unknown>>;
type Thing = Json & { readonly id: string };

/** As much of `@labdigital/commercetools-mock` as is used. */
interface Mock {
  readonly app: { listen(options: object): Promise<string>; close(): Promise<void> };
  project(key: string): { unsafeAdd(type: string, thing: Json): Promise<void> };
}
type Package = { readonly CommercetoolsMock: new (options: object) => Mock };

/** The lists of a project, with the type of their rows, and what is taken into them. */
const LISTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['orders', 'order', ['paymentInfo.payments[*]', 'discountCodes[*].discountCode']],
  ['payments', 'payment', []],
  ['carts', 'cart', ['discountCodes[*].discountCode']],
  ['customers', 'customer', ['customerGroup']],
  ['product-projections', 'product', ['categories[*]', 'categories[*].ancestors[*]']],
  ['reviews', 'review', []],
  ['recurring-orders', 'recurring-order', ['cart', 'customer']],
  ['stores', 'store', []],
];

/** Reads the same objects from the local project and from the mock, which other people wrote. */
export const mock: Rung = {
  name: 'commercetools: the same objects in @labdigital/commercetools-mock tell the same states',
  packages: () => ['@labdigital/commercetools-mock@4.4.0', 'msw@2.15.0', '@commercetools/platform-sdk@9.5.0'],
  async run({ load }) {
    const { CommercetoolsMock } = (await load('@labdigital/commercetools-mock')) as Package;
    const shop = await createShopSandbox({ platform: 'commercetools', start: Date.UTC(2026, 0, 5) });
    const mock = new CommercetoolsMock({
      silent: true,
      enableAuthentication: true,
      validateCredentials: false,
    });
    const url = await mock.app.listen({ port: 0, host: '127.0.0.1' });
    try {
      await shop.play('all');
      const own = ownAsk(shop.url, url);
      const things = await thingsOf(shop.settings, shop.url);
      for (const [key, thing] of things)
        await mock.project(String(shop.settings['projectKey'])).unsafeAdd(key.split(' ')[0]!, thing);
      const of = { slug: 'commercetools', now: Date.now() };
      const ours = await readAll({ ...of, settings: shop.settings }, own);
      const theirs = await readAll({ ...of, settings: { ...shop.settings, apiUrl: url, authUrl: url } }, own);
      return [`${things.size} objects`, ...comparison(ours, theirs)];
    } finally {
      await mock.app.close();
      await shop.close();
    }
  },
};

/** Compares both stream by stream; throws at a difference. */
function comparison(ours: Read, theirs: Read): readonly string[] {
  const inOrder = (states: Read[string]) => states.map((one) => JSON.stringify(one)).sort();
  return Object.entries(ours).map(([stream, states]) => {
    const [one, other] = [inOrder(states), inOrder(theirs[stream] ?? [])];
    if (!isDeepStrictEqual(one, other)) {
      const [only, lacking] = [one.filter((a) => !other.includes(a)), other.filter((a) => !one.includes(a))];
      throw new Error(`${stream} differ: ours ${only.join('\n')}\ntheirs ${lacking.join('\n')}`);
    }
    return `${stream}: ${states.length} states agree`;
  });
}

/** All things of a project by type and ID, without expanded references. */
async function thingsOf(settings: Json, url: string): Promise<ReadonlyMap<string, Json>> {
  const basic = Buffer.from(`${String(settings['clientId'])}:${String(settings['clientSecret'])}`);
  const granted = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic.toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = (await granted.json()) as { readonly access_token: string };
  const found = new Map<string, Json>();
  for (const [path, type, expand] of LISTS) {
    const query = new URLSearchParams([['limit', '500'], ...expand.map((one) => ['expand', one])]);
    const answer = await fetch(`${url}/${String(settings['projectKey'])}/${path}?${query}`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const { results } = (await answer.json()) as { readonly results: readonly Thing[] };
    for (const row of results) {
      const alone = apart(row, found) as Thing;
      // For a single product the mock always expands its categories: they are kept.
      found.set(`${type} ${row.id}`, type === 'product' ? productOf(row) : alone);
    }
  }
  return found;
}

/** The same without what is referred to, which is put among what was found. */
function apart(value: unknown, found: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((one) => apart(one, found));
  if (typeof value !== 'object' || value === null) return value;
  const { obj, ...rest } = value as Json;
  if (obj !== undefined) {
    const key = `${String(rest['typeId'])} ${String(rest['id'])}`;
    if (!found.has(key)) found.set(key, apart(obj, found) as Json);
  }
  return Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, apart(one, found)]));
}

/** Returns a product with this projection: projections are not stored. */
function productOf({ id, version, createdAt, lastModifiedAt, key, productType, ...data }: Thing): Json {
  const masterData = { published: true, hasStagedChanges: false, current: data, staged: data };
  return { id, version, createdAt, lastModifiedAt, key, productType, masterData };
}
