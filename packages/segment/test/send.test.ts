import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { adaptDefinition, type NewTokens, type UpstreamAction } from '@waybill/segment';
import { definitionOf, item, scripted, send } from './stage.ts';

const require = createRequire(import.meta.url);
interface Answers {
  pushSuccessResponse(one: object): void;
  pushErrorResponse(one: object): void;
}
const framework = require('@segment/actions-core') as {
  MultiStatusResponse: new () => Answers;
  RetryableError: new (message: string, status?: number) => Error;
  IntegrationError: new (message: string, code: string, status: number) => Error;
  PayloadValidationError: new (message: string) => Error;
};

const items = ['a', 'b', 'c'].map((name) => item(name));
const postAll: UpstreamAction['perform'] = (request, { payload }) =>
  request('https://api.example/batch', { method: 'post', json: payload });

/** What the platform passes to an action besides payload and settings. */
interface Contexts {
  readonly statsContext: {
    readonly statsClient: Record<
      'incr' | 'set' | 'histogram',
      (name: string, value: number, tags: readonly string[]) => void
    >;
    readonly tags: readonly string[];
  };
  readonly transactionContext: {
    readonly transaction: Readonly<Record<string, string>>;
    setTransaction(key: string, value: string): void;
  };
  readonly stateContext: {
    getRequestContext(key: string): unknown;
    setResponseContext(key: string, value: string, ttl: object): void;
  };
  readonly engageDestinationCache: {
    getByKey(key: string): Promise<string | null>;
    setByKeyNX(key: string, value: string): Promise<boolean>;
  };
}

describe('sending', () => {
  it('makes one call of a batch and passes on settings of the mapping that the action declares', async () => {
    const { request, calls } = scripted();
    const outcomes = await send(definitionOf({ performBatch: postAll }), items, request);
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(calls.map(({ body }) => JSON.parse(body as string) as unknown)).toEqual([
      ['a', 'b', 'c'].map((name) => ({ name, enable_batching: true })),
    ]);
  });

  it('sends one by one when the mapping does not batch, or there is only one', async () => {
    const { request, calls } = scripted();
    const single = items.map((one) => ({ ...one, mapping: { enable_batching: false } }));
    await send(definitionOf({ performBatch: postAll }), single, request);
    await send(definitionOf({}), items, request);
    expect(calls.map(({ url }) => url)).toEqual(Array(6).fill('https://api.example/act'));
  });

  it('treats items that were planned together as a batch when they arrive without their mapping', async () => {
    const { request, calls } = scripted();
    const bare = items.map(({ mapping: _none, ...one }) => one);
    await send(definitionOf({ performBatch: postAll }), bare, request);
    expect(calls).toHaveLength(1);
  });

  it('reads answers for every item, and treats a missing one as unknown', async () => {
    const performBatch = (): object => {
      const answers = new framework.MultiStatusResponse();
      answers.pushSuccessResponse({ status: 201, body: {}, sent: {} });
      answers.pushErrorResponse({ status: 422, errormessage: 'no such thing' });
      return answers;
    };
    const outcomes = await send(definitionOf({ performBatch }), items, scripted().request);
    expect(outcomes).toMatchObject([
      { status: 'delivered' },
      { status: 'rejected', code: 'destination_rejected', message: 'no such thing' },
      { status: 'retry', code: 'destination_result_unknown' },
    ]);
  });

  it('reads such an answer of a single item too', async () => {
    const perform = (): object => {
      const answers = new framework.MultiStatusResponse();
      answers.pushErrorResponse({ status: 429, errormessage: 'slower' });
      return answers;
    };
    const [outcome] = await send(definitionOf({ perform }), [item('a')], scripted().request);
    expect(outcome).toMatchObject({ status: 'retry', code: 'destination_rate_limited', message: 'slower' });
  });

  it('finds the guilty item of a batch that is refused as a whole', async () => {
    const { request, calls } = scripted(({ url, body }) => ({
      status: url.endsWith('batch') || String(body).includes('"b"') ? 400 : 200,
      body: 'bad',
    }));
    const outcomes = await send(definitionOf({ performBatch: postAll }), items, request);
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'rejected', 'delivered']);
    expect(calls).toHaveLength(4);
  });

  it('retries a batch as a batch when the destination is unreachable', async () => {
    const { request, calls } = scripted(() => ({ status: 503 }));
    const outcomes = await send(definitionOf({ performBatch: postAll }), items, request);
    expect(outcomes.map(({ status }) => status)).toEqual(['retry', 'retry', 'retry']);
    expect(calls).toHaveLength(1);
  });

  it('does not send items one by one with refused credentials', async () => {
    const { request, calls } = scripted(() => ({ status: 401 }));
    const [outcome] = await send(definitionOf({ performBatch: postAll }), items, request);
    expect(outcome).toMatchObject({ status: 'rejected', code: 'destination_unauthorized' });
    expect(calls).toHaveLength(1);
  });

  it('keeps the order of one user when an earlier item must wait', async () => {
    const { request, calls } = scripted(() => ({ status: 503 }));
    const same = items.map((one) => ({ ...one, event: { ...one.event, userId: 'u' } }));
    const outcomes = await send(definitionOf({}), same, request);
    expect(outcomes.map(({ status }) => status)).toEqual(['retry', 'retry', 'retry']);
    expect(calls).toHaveLength(1);
  });

  it('passes copies to every run: definitions mutate their input', async () => {
    const perform: UpstreamAction['perform'] = (request, data) => {
      const payload = data.payload as Record<string, unknown>;
      delete payload['name'];
      (data['rawData'] as Record<string, unknown>)['event'] = 'changed';
      return request('https://api.example/act');
    };
    const one = item('a');
    await send(definitionOf({ perform }), [one], scripted().request);
    expect(one.payload).toEqual({ name: 'a' });
    expect(one.event.event).toBe('Thing Done');
  });

  it('passes everything that definitions read', async () => {
    let bag: Record<string, unknown> = {};
    const perform: UpstreamAction['perform'] = (request, data) => {
      bag = { ...data };
      return request('https://api.example/act');
    };
    const mapping = {
      enable_batching: false,
      __segment_internal_sync_mode: 'upsert',
      __segment_internal_matching_key: 'email',
      onMappingSave: { outputs: { id: '9' } },
    };
    const definition = definitionOf({ perform, syncMode: {}, hooks: { onMappingSave: { label: 'Save' } } });
    const own = item('a', mapping);
    const personas = { computation_class: 'audience', computation_key: 'vip', audience_settings: { x: 1 } };
    const event = { ...own.event, properties: { vip: true }, context: { personas } };
    await send(definition, [{ ...own, event }], scripted().request, { apiKey: 'k' });
    expect(bag).toMatchObject({
      settings: { apiKey: 'k' },
      payload: { name: 'a', enable_batching: false },
      rawData: event,
      rawMapping: { ...mapping },
      syncMode: 'upsert',
      matchingKey: 'email',
      hookOutputs: { onMappingSave: { outputs: { id: '9' } } },
      audienceMembership: true,
      audienceSettings: { x: 1 },
      personasContext: personas,
      features: {},
      subscriptionMetadata: { actionConfigId: 'mapping-1' },
    });
    expect(Object.keys(bag)).toEqual(
      expect.arrayContaining([
        'statsContext',
        'logger',
        'stateContext',
        'transactionContext',
        'engageDestinationCache',
      ]),
    );
  });

  it("passes contexts with the behaviour of the platform's", async () => {
    const seen: unknown[] = [];
    const perform: UpstreamAction['perform'] = async (request, data) => {
      const { transactionContext, stateContext, engageDestinationCache, statsContext } =
        data as unknown as Contexts;
      const { statsClient, tags } = statsContext;
      statsClient.incr('sent', 1, tags);
      statsClient.set('size', 2, tags);
      statsClient.histogram('time', 3, tags);
      seen.push(
        transactionContext.transaction['id'],
        stateContext.getRequestContext('cursor'),
        await engageDestinationCache.getByKey('list'),
        await engageDestinationCache.setByKeyNX('list', 'made'),
      );
      transactionContext.setTransaction('id', 'of the event');
      stateContext.setResponseContext('cursor', 'next', { minute: 1 });
      return request('https://api.example/act');
    };
    const account = { apiKey: 'contexts' };
    const definition = definitionOf({ perform });
    for (const one of [item('a'), item('a'), item('b')])
      await send(definition, [one], scripted().request, account);
    expect(seen).toEqual([
      ...[undefined, undefined, null, true],
      // The next action of the same event.
      ...['of the event', 'next', 'made', false],
      ...[undefined, 'next', 'made', false],
    ]);
  });

  it('never puts items of two audiences or two mappings into one call', async () => {
    const { request, calls } = scripted();
    const audience = (id: string): object => ({ context: { personas: { computation_id: id } } });
    const [a, b, c] = items;
    const mixed = [
      { ...a!, event: { ...a!.event, ...audience('1') } },
      { ...b!, event: { ...b!.event, ...audience('2') } },
      { ...c!, event: { ...c!.event, ...audience('1') } },
    ];
    // The mapping of an item is one object per mapping.
    const mapping = { enable_batching: true };
    await send(
      definitionOf({ performBatch: postAll }),
      mixed.map((one) => ({ ...one, mapping })),
      request,
    );
    expect(calls.map(({ body }) => (JSON.parse(body as string) as unknown[]).length)).toEqual([2, 1]);
  });
});

describe('failures', () => {
  const fail = async (error: unknown): Promise<unknown> => {
    const perform = (): never => {
      throw error;
    };
    const [outcome] = await send(definitionOf({ perform }), [item('a')], scripted().request);
    return outcome;
  };

  it.each([
    [new framework.PayloadValidationError('bad name'), 'rejected', 'destination_rejected', 'bad name'],
    [new framework.IntegrationError('gone', 'GONE', 404), 'rejected', 'destination_not_found', 'gone'],
    [new framework.IntegrationError('who', 'NO', 401), 'rejected', 'destination_unauthorized', 'who'],
    [new framework.IntegrationError('locked', 'L', 423), 'retry', 'destination_unavailable', 'locked'],
    [new framework.IntegrationError('never', 'N', 501), 'rejected', 'destination_rejected', 'never'],
    [new framework.IntegrationError('down', 'D', 502), 'retry', 'destination_unavailable', 'down'],
    [new framework.RetryableError('later'), 'retry', 'destination_unavailable', 'later'],
    [new framework.RetryableError('slower', 429), 'retry', 'destination_rate_limited', 'slower'],
    [Object.assign(new Error('late'), { code: 'ETIMEDOUT' }), 'retry', 'destination_timeout', 'late'],
    [{ status: 409, message: 'another copy' }, 'rejected', 'destination_rejected', 'another copy'],
    [new TypeError('x is not a function'), 'retry', 'destination_bug', 'x is not a function'],
    ['just text', 'retry', 'destination_bug', 'just text'],
  ])('%s', async (error, status, code, message) => {
    expect(await fail(error)).toMatchObject({ status, code, message });
  });

  it('report the answer, the wait, and earlier successes', async () => {
    const perform: UpstreamAction['perform'] = async (request) => {
      await request('https://api.example/1', { method: 'post', json: {} });
      await request('https://api.example/2');
      await request('https://api.example/3', { method: 'post', json: {} });
      await request('https://api.example/4', { method: 'post', json: {} });
    };
    const { request } = scripted((_call, index) =>
      index === 3 ? { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' } : {},
    );
    const [outcome] = await send(definitionOf({ perform }), [item('a')], request);
    expect(outcome).toEqual({
      status: 'retry',
      code: 'destination_rate_limited',
      message:
        'The destination answered 429 Too Many Requests: slow down (2 calls succeeded before this failure and will be repeated.)',
      afterMs: 7000,
      exchanges: [0, 1, 2, 3],
    });
  });

  it('of the network are kept, however a definition wraps them', async () => {
    const perform: UpstreamAction['perform'] = async (request) => {
      await request('https://api.example/1').catch(() => {
        throw new framework.PayloadValidationError('could not look it up');
      });
    };
    for (const failure of [
      'destination_unreachable',
      'destination_timeout',
      'destination_address_forbidden',
    ] as const) {
      const { request } = scripted(() => ({ failure }));
      const [outcome] = await send(definitionOf({ perform }), [item('a')], request);
      const status = failure === 'destination_address_forbidden' ? 'rejected' : 'retry';
      expect(outcome).toMatchObject({ status, code: failure });
    }
  });

  it('that are returned instead of thrown are failures', async () => {
    const { request } = scripted(() => ({ status: 400, body: 'no' }));
    const perform: UpstreamAction['perform'] = (client) =>
      client('https://api.example/1', { throwHttpErrors: false });
    const [outcome] = await send(definitionOf({ perform }), [item('a')], request);
    expect(outcome).toMatchObject({ status: 'rejected', code: 'destination_rejected' });
  });

  it('are reported for definitions that send nothing', async () => {
    const handed = definitionOf({ perform: () => ({ batch: [{ type: 'track' }] }) });
    expect(await send(handed, [item('a')], scripted().request)).toMatchObject([{ status: 'rejected' }]);
    const silent = definitionOf({ perform: () => undefined });
    expect(await send(silent, [item('a')], scripted().request)).toMatchObject([
      { status: 'delivered', note: 'The definition made no call through Waybill.' },
    ]);
  });
});

describe('OAuth', () => {
  const settings = { oauth_access_token: 'old', oauth_refresh_token: 'again', shop: 's' };
  const authentication = {
    scheme: 'oauth2',
    fields: { shop: { type: 'string', label: 'Shop', description: 'The shop.' } },
    refreshAccessToken: async (request: never, data: { auth: { refreshToken?: string } }) => {
      const client = request as (url: string, options: object) => Promise<{ data: { token: string } }>;
      const { data: made } = await client('https://auth.example/token', {
        method: 'post',
        json: { refresh: data.auth.refreshToken },
      });
      return { accessToken: made.token };
    },
  };
  const extendRequest = (data: { auth?: { accessToken?: string } }): object => ({
    headers: { authorization: `Bearer ${data.auth?.accessToken}` },
  });
  const oauth = (action: Partial<UpstreamAction>): ReturnType<typeof definitionOf> =>
    definitionOf(action, { authentication, extendRequest } as never);

  it('renews the token once, for all calls that fail at the same time, and stores it', async () => {
    const told: NewTokens[] = [];
    const { request, calls } = scripted(({ url, headers }) =>
      url.includes('auth.example')
        ? { body: { token: 'new' } }
        : { status: headers?.['authorization'] === 'Bearer new' ? 200 : 401 },
    );
    const own = { ...settings };
    const options = { onTokens: (tokens: NewTokens) => void told.push(tokens) };
    const outcomes = await send(oauth({}), items, request, own, options);
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(calls.filter(({ url }) => url.includes('auth.example'))).toHaveLength(1);
    expect(told).toEqual([{ accessToken: 'new' }]);
    await send(oauth({}), [item('d')], request, own);
    expect(calls.at(-1)?.headers?.['authorization']).toBe('Bearer new');
  });

  it('renews ahead of the reported expiry, and continues with the old token when that fails', async () => {
    let given = 0;
    const { request, calls } = scripted(({ url, headers }) => {
      if (!url.includes('auth.example'))
        return { status: headers?.['authorization'] === 'Bearer old' ? 401 : 200 };
      given += 1;
      return given === 3 ? { status: 503 } : { body: { token: `new-${given}`, expires_in: 3_600 } };
    });
    const destination = adaptDefinition(oauth({}));
    const context = { settings: { ...settings }, request };
    const used: unknown[] = [];
    for (const minute of [0, 58, 59.5, 118.8]) {
      calls.length = 0;
      await destination.actions['act']!.send([item(`at-${minute}`)], {
        ...context,
        now: () => minute * 60_000,
      });
      used.push([calls.length, calls.at(-1)?.headers?.['authorization']]);
    }
    expect(used).toEqual([
      [3, 'Bearer new-1'],
      [1, 'Bearer new-1'],
      [2, 'Bearer new-2'],
      [2, 'Bearer new-2'],
    ]);
  });

  it('asks the token endpoint of the settings when the definition has no code for it', async () => {
    const { request, calls } = scripted(({ url, headers }) =>
      url.includes('auth.example')
        ? { body: { access_token: 'new' } }
        : { status: headers?.['authorization'] === 'Bearer new' ? 200 : 401 },
    );
    const { refreshAccessToken: _none, ...scheme } = authentication;
    const definition = definitionOf({}, { authentication: scheme, extendRequest } as never);
    const server = {
      oauth_client_id: 'id',
      oauth_authorize_url: 'https://auth.example/page',
      oauth_refresh_token_url: 'https://auth.example/token',
    };
    const outcomes = await send(definition, [item('a')], request, { ...settings, ...server });
    expect(outcomes).toMatchObject([{ status: 'delivered' }]);
    expect(calls[1]?.body).toBe('grant_type=refresh_token&refresh_token=again&client_id=id');
    // Without a refresh token the answer of the destination is the outcome.
    const bare = { oauth_access_token: 'old', ...server };
    expect(await send(definition, [item('a')], request, bare)).toMatchObject([
      { code: 'destination_unauthorized', message: expect.stringContaining('answered 401') },
    ]);
  });

  it('resends only those items of a batch that were refused for the token', async () => {
    const sizes: number[] = [];
    const performBatch: UpstreamAction['perform'] = (_request, { payload, auth }) => {
      const payloads = payload as readonly unknown[];
      sizes.push(payloads.length);
      const answers = new framework.MultiStatusResponse();
      const fresh = (auth as { accessToken: string }).accessToken === 'new';
      for (const [index] of payloads.entries()) {
        if (fresh || index === 0) answers.pushSuccessResponse({ status: 200, body: {}, sent: {} });
        else answers.pushErrorResponse({ status: 401, errormessage: 'expired' });
      }
      return answers;
    };
    const { request } = scripted(() => ({ body: { token: 'new' } }));
    const outcomes = await send(oauth({ performBatch }), items, request, { ...settings });
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(sizes).toEqual([3, 2]);
  });

  it('reports when the token cannot be renewed', async () => {
    const { request } = scripted(({ url }) => ({
      status: url.includes('auth.example') ? 400 : 401,
      body: 'no',
    }));
    const [outcome] = await send(oauth({}), [item('a')], request, { ...settings });
    expect(outcome).toMatchObject({ status: 'rejected', code: 'destination_unauthorized' });
    expect((outcome as { message: string }).message).toMatch(/^The access token could not be renewed: /);
  });
});
