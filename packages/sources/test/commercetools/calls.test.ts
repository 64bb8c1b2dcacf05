import { describe, expect, it } from 'vitest';
import { checked, commercetools, contextOf, fixture, NOW, parametersOf, SETTINGS, streams } from './shop.ts';
import type { Loose } from '../loose.ts';

const query = { by: 'changed', skip: 0, limit: 50 } as const;
const pageOf = async (name: string, context: Loose, asked: Loose = query): Promise<Loose> =>
  streams[name]!.page!(asked, context);

describe('the token', () => {
  it('is requested once for concurrent calls, and again before it expires', async () => {
    const { context, calls, clock } = contextOf();
    await Promise.all([pageOf('reviews', context), pageOf('products', context), pageOf('orders', context)]);
    const made = calls.filter(({ url }) => url.endsWith('/oauth/token'));
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({
      url: 'https://auth.europe-west1.gcp.commercetools.com/oauth/token',
      headers: { authorization: `Basic ${Buffer.from('client:secret of the client').toString('base64')}` },
      body: 'grant_type=client_credentials',
    });
    clock.now = NOW + 172_800_000 - 59_000;
    await pageOf('reviews', context);
    expect(calls.filter(({ url }) => url.endsWith('/oauth/token'))).toHaveLength(2);
    expect(calls.at(-1)!.headers).toMatchObject({ authorization: 'Bearer token-2' });
  });

  it('that is refused early is requested again, once', async () => {
    const { context, calls } = contextOf((path, { headers }) =>
      path === 'reviews' && headers!['authorization'] === 'Bearer token-1'
        ? { status: 401, body: { statusCode: 401, message: 'invalid_token' } }
        : undefined,
    );
    expect(await pageOf('reviews', context)).toEqual({ rows: [], total: 0 });
    expect(calls).toHaveLength(4);
    const refused = contextOf((path) => (path === 'reviews' ? { status: 401, body: {} } : undefined));
    expect(await pageOf('reviews', refused.context)).toMatchObject({
      failure: { code: 'source_unauthorized' },
    });
    expect(refused.calls).toHaveLength(4);
  });
});

describe('a page', () => {
  it('begins after a row, in the order of time and id; values are never part of the condition', async () => {
    const { context, calls } = contextOf();
    const after = { id: 'a" or id > "', at: '2026-03-03T21:40:12.450Z' };
    await pageOf('orders', context, { ...query, after, until: '2026-03-04T00:00:00.000Z', skip: 50 });
    expect(calls.at(-1)!.url).toMatch(
      /^https:\/\/api\.europe-west1\.gcp\.commercetools\.com\/shop\/orders\?/,
    );
    expect(parametersOf(calls.at(-1)!)).toEqual([
      ['where', '(lastModifiedAt > :at or (lastModifiedAt = :at and id > :id)) and lastModifiedAt <= :until'],
      ['var.at', after.at],
      ['var.id', after.id],
      ['var.until', '2026-03-04T00:00:00.000Z'],
      ['sort', 'lastModifiedAt asc'],
      ['sort', 'id asc'],
      ['limit', '50'],
      ['offset', '50'],
      ['withTotal', 'false'],
      ['expand', 'paymentInfo.payments[*]'],
      ['expand', 'discountCodes[*].discountCode'],
    ]);
    await pageOf('products', context, {
      by: 'created',
      since: '2026-01-01T00:00:00.000Z',
      skip: 0,
      limit: 1,
    });
    expect(parametersOf(calls.at(-1)!).slice(0, 3)).toEqual([
      ['where', 'createdAt >= :since'],
      ['var.since', '2026-01-01T00:00:00.000Z'],
      ['sort', 'createdAt asc'],
    ]);
  });

  it('has the customers that orders do not name, and the stores', async () => {
    const store = { typeId: 'store', key: 'de' };
    const { context } = contextOf((path) => {
      if (path === 'orders') return { body: { results: [{ ...fixture('order'), store }] } };
      if (path === 'stores') return { body: { results: [{ key: 'de', name: { en: 'Germany' } }] } };
      const customer = { ...fixture('customer'), id: '7297c742-d8b0-484b-aadc-1d0ba6769dc9' };
      return path === 'customers' ? { body: { results: [customer] } } : undefined;
    });
    const { rows } = await pageOf('orders', context);
    expect(checked(streams['orders']!.states(rows[0], context))[0]).toMatchObject({
      customer: { email: 'johndoe@example.com', firstName: 'John' },
      store: { id: 'de', name: 'Germany' },
    });
  });

  it('of payments has their orders', async () => {
    const payment = fixture('payment');
    const order = {
      ...fixture('order'),
      customerEmail: 'jane@example.com',
      paymentInfo: { payments: [{ typeId: 'payment', id: payment.id, obj: payment }] },
    };
    const { context, calls } = contextOf((path) => {
      if (path === 'payments') return { body: { results: [payment, { ...payment, id: 'of-a-cart' }] } };
      return path === 'orders' ? { body: { results: [order] } } : undefined;
    });
    const { rows } = await pageOf('payments', context);
    const states = rows.flatMap((row: Loose) => streams['payments']!.states(row, context));
    expect(states.map(({ id }: Loose) => id)).toEqual([order.id]);
    expect(parametersOf(calls.at(-1)!).slice(0, 3)).toEqual([
      ['where', 'paymentInfo(payments(id in :ids))'],
      ['var.ids', payment.id],
      ['var.ids', 'of-a-cart'],
    ]);
    expect(streams['payments']!.keyOf(rows[0], 'changed')).toEqual({
      id: payment.id,
      at: payment.lastModifiedAt,
    });
  });

  it('is counted, and deleted rows are gone', async () => {
    const { context } = contextOf((path) => {
      if (path.startsWith('orders/')) return { status: 404, body: { statusCode: 404 } };
      return path === 'orders' ? { body: { results: [{}], total: 41 } } : undefined;
    });
    expect(await streams['orders']!.count!({ by: 'created' }, context)).toEqual({ count: 41 });
    expect(await streams['orders']!.get!('x', context)).toBe('gone');
  });
});

describe('a failure', () => {
  it.each<readonly [number, unknown, Record<string, string>, Loose]>([
    [403, { message: 'insufficient_scope' }, {}, { code: 'source_forbidden', message: /view_orders:shop/ }],
    [404, { message: 'no project' }, {}, { code: 'source_not_found', message: /projectKey/ }],
    [429, {}, { 'Retry-After': '7' }, { code: 'source_rate_limited', retryAfterMs: 7000 }],
    [503, '<html>', {}, { code: 'source_unavailable' }],
    [
      400,
      { errors: [{ code: 'InvalidInput' }], message: 'Malformed' },
      {},
      { code: 'source_rejected', message: /InvalidInput: Malformed/ },
    ],
    [200, '<html>', {}, { code: 'source_unreadable_answer' }],
  ])('with %i has a clear message', async (status, body, headers, { code, message = /./ }) => {
    const { context } = contextOf((path) => (path === 'orders' ? { status, body, headers } : undefined));
    const { failure } = await pageOf('orders', context);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain(SETTINGS.clientSecret);
    if (status === 429) expect(JSON.stringify(failure)).toContain('7000');
  });

  it('of the credentials, and of scopes, shows in the connection test', async () => {
    const test = commercetools.testConnection!;
    expect(await test(contextOf().context)).toEqual({
      ok: true,
      message:
        'shop: all required scopes. Without view_messages:shop, deletions are reported only by a queue.',
    });
    const wrong = contextOf((path) => (path === '/oauth/token' ? { status: 401, body: {} } : undefined));
    expect(await test(wrong.context)).toMatchObject({
      ok: false,
      issue: { code: 'source_unauthorized', path: 'clientSecret' },
    });
    const lacking = contextOf((path) =>
      ['carts', 'reviews', 'payments'].includes(path) ? { status: 403, body: {} } : undefined,
    );
    expect(await test(lacking.context)).toMatchObject({
      ok: false,
      issue: {
        code: 'source_forbidden',
        message: expect.stringContaining(
          'view_orders:shop, view_payments:shop, view_products:shop',
        ) as string,
      },
    });
  });
});

describe('the subscription', () => {
  const { subscribe } = commercetools.shop!;
  const address = 'https://waybill.example/sources/shop/webhook';
  const answering = (status: string | undefined, settings = {}) =>
    contextOf((path, { method }) => {
      if (!path.startsWith('subscriptions')) return undefined;
      if (method === 'POST') return { status: 201, body: { key: 'made' } };
      const destination = { type: 'SNS', topicArn: SETTINGS.snsTopicArn, authenticationMode: 'IAM' };
      const body = { version: 3, key: 'k', status, destination };
      return status === undefined ? { status: 404, body: {} } : { body };
    }, settings);

  it('is created, kept while it is valid, and repaired', async () => {
    const made = answering(undefined);
    expect(await subscribe!(address, made.context)).toEqual({ message: 'The subscription made was made.' });
    expect(made.calls.at(-1)!.json).toMatchObject({
      destination: { type: 'SNS' },
      messages: expect.arrayContaining([{ resourceTypeId: 'order', types: [] }]) as unknown,
      changes: [{ resourceTypeId: 'cart' }, { resourceTypeId: 'recurring-order' }],
    });
    const well = answering('Healthy');
    await subscribe!(address, well.context);
    expect(well.calls.every(({ json }) => json === undefined)).toBe(true);
    const off = answering('ConfigurationErrorDeliveryStopped');
    await subscribe!(address, off.context);
    expect(off.calls.at(-1)!.json).toMatchObject({ version: 3, actions: [{ action: 'changeDestination' }] });
  });

  it('recognises a queue of SQS, whose region is in its address', async () => {
    const sqsQueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/shop';
    const made = answering(undefined, { snsTopicArn: undefined, sqsQueueUrl });
    await subscribe!(address, made.context);
    expect(made.calls.at(-1)!.json).toMatchObject({
      destination: {
        type: 'SQS',
        queueUrl: sqsQueueUrl,
        region: 'eu-west-1',
        authenticationMode: 'IAM',
      },
    });
  });

  it('needs a queue', async () => {
    const none = answering(undefined, { snsTopicArn: undefined });
    expect(await subscribe!(address, none.context)).toEqual({
      message: expect.stringContaining('polled') as string,
    });
    expect(none.calls).toEqual([]);
    const wrong = answering(undefined, { pubSubTopic: 'shop' });
    expect(await subscribe!(address, wrong.context)).toHaveProperty('failure');
  });
});
