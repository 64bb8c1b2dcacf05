import { createHmac } from 'node:crypto';
import { Agent } from 'node:http';
import { fetchTransport, Management } from '@aligent/bigcommerce-api';
import { type ByProjectKeyRequestBuilder, createApiBuilderFromCtpClient } from '@commercetools/platform-sdk';
import { ClientBuilder } from '@commercetools/ts-client';
import type { HttpCall, HttpResponse } from '@waybill/core';
import OAuth from 'oauth-1.0a';
import type { Ask } from './reading.ts';

type Settings = Readonly<Record<string, unknown>>;

/** An answer parsed by a client, without the raw text. */
export function parsed(status: number, body: unknown): HttpResponse {
  // The client may return instances of its own classes: only their content counts.
  const plain: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
  const text = plain === undefined ? '' : JSON.stringify(plain);
  return { kind: 'response', ok: status < 300, status, headers: {}, text, body: plain, exchange: 0 };
}

/** The client of commercetools, with separate tokens. */
export function commercetoolsClient(settings: Settings): ByProjectKeyRequestBuilder {
  const { projectKey, clientId, clientSecret, apiUrl, authUrl } = settings as Readonly<
    Record<'projectKey' | 'clientId' | 'clientSecret' | 'apiUrl' | 'authUrl', string>
  >;
  const client = new ClientBuilder()
    .withClientCredentialsFlow({
      host: authUrl,
      projectKey,
      credentials: { clientId, clientSecret },
      httpClient: fetch,
    })
    .withHttpMiddleware({ host: apiUrl, httpClient: fetch })
    .build();
  return createApiBuilderFromCtpClient(client).withProjectKey({ projectKey });
}

/** Calls by the client of commercetools: it makes the tokens, writes the addresses and reads the bodies. */
export function commercetoolsAsk(settings: Settings): Ask {
  const api = commercetoolsClient(settings);
  const lists = {
    orders: api.orders(),
    payments: api.payments(),
    carts: api.carts(),
    customers: api.customers(),
    'product-projections': api.productProjections(),
    reviews: api.reviews(),
    'recurring-orders': api.recurringOrders(),
    stores: api.stores(),
  };
  return async ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname === '/oauth/token') return parsed(200, { access_token: 'of the client', expires_in: 3600 });
    const [, , name, id] = pathname.split('/').map(decodeURIComponent);
    const list = lists[name as keyof typeof lists];
    const queryArgs: Record<string, string[]> = {};
    for (const key of searchParams.keys()) queryArgs[key] = searchParams.getAll(key);
    // The builders of all lists have the same methods, of other types each.
    const one = id === undefined ? list : list.withId({ ID: id });
    const asked = one.get({ queryArgs } as object).execute();
    return asked.then(
      ({ body, statusCode = 200 }) => parsed(statusCode, body),
      (error: { readonly statusCode: number; readonly body?: unknown }) =>
        parsed(error.statusCode, error.body ?? {}),
    );
  };
}

/** The two clients of the API of BigCommerce, generated from its descriptions. */
export function bigcommerceClients(settings: Settings) {
  const { v2, v3 } = bigcommerceTransports(settings);
  return { v2: new Management.V2.Client(v2), v3: new Management.V3.Client(v3) };
}

function bigcommerceTransports({ apiUrl, storeHash, accessToken }: Settings) {
  const transport = (version: string) =>
    fetchTransport({
      baseUrl: `${String(apiUrl)}/stores/${String(storeHash)}/${version}`,
      headers: { 'X-Auth-Token': String(accessToken) },
      agent: new Agent(),
    });
  return { v2: transport('v2'), v3: transport('v3') };
}

/** Calls by the client of BigCommerce. */
export function bigcommerceAsk(settings: Settings): Ask {
  const transports = bigcommerceTransports(settings);
  return async ({ method = 'GET', url, query = {}, json }) => {
    const [, version, path] = /\/(v[23])(\/.*)$/.exec(new URL(url).pathname)!;
    const params = { query, ...(json === undefined ? {} : { body: json }) };
    const { status, body } = await transports[version as 'v2' | 'v3'](`${method} ${path}`, params);
    return parsed(Number(status), body === '' ? undefined : body);
  };
}

/** How calls of Magento are signed. */
export type MagentoMethod = 'HMAC-SHA256' | 'HMAC-SHA1';

const HASHES = { 'HMAC-SHA256': 'sha256', 'HMAC-SHA1': 'sha1' } as const;

/** Calls that the OAuth library which clients of Magento use has signed, in place of ours. */
export function magentoAsk(settings: Settings, send: Ask, method: MagentoMethod = 'HMAC-SHA256'): Ask {
  const keys = settings as Readonly<Record<string, string>>;
  const oauth = new OAuth({
    consumer: { key: keys['consumerKey']!, secret: keys['consumerSecret']! },
    signature_method: method,
    hash_function: (base, key) => createHmac(HASHES[method], key).update(base).digest('base64'),
  });
  const token = { key: keys['accessToken']!, secret: keys['accessTokenSecret']! };
  return (call: HttpCall) => {
    const { url, method: verb = 'GET', query = {} } = call;
    const { Authorization } = oauth.toHeader(oauth.authorize({ url, method: verb, data: query }, token));
    return send({ ...call, headers: { ...call.headers, authorization: Authorization } });
  };
}
