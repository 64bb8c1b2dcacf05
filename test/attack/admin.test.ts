import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

/*
 * The admin API under attack: requests without a token get no data from any address by any method, and a request that is answered
 * with an error never changes anything.
 */

const KEY = 'itbl-key-4711-very-secret';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({
    sandbox: { apiKeys: [KEY] },
    workspace: (url) => ({
      sources: [{ id: 'shop', writeKey: 'demo' }],
      destinations: [{ id: 'iterable', type: 'iterable', settings: { apiKey: KEY, apiUrl: url } }],
    }),
  });
  await harness.track('track', { messageId: 'one', userId: 'u1', event: 'Seen', properties: { a: 1 } });
  await harness.server.idle();
});
afterAll(() => harness.close());

interface Raw {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Where all come from one address, some are too many. */
const REFUSED = process.platform === 'linux' ? [401] : [401, 429];

/** Guesses are slowed down by address: each comes from a different address of the loopback network. */
let guesser = 0;
function localAddress(): { readonly localAddress?: string } {
  guesser += 1;
  if (process.platform !== 'linux') return {};
  return { localAddress: `127.${1 + (guesser >> 16)}.${(guesser >> 8) & 255}.${guesser & 255}` };
}

/** A request whose address and headers go out as they are written. */
function raw(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<Raw> {
  const { hostname, port } = new URL(harness.server.url);
  return new Promise((resolve, reject) => {
    const from = { ...localAddress(), timeout: 5_000 };
    const call = httpRequest({ hostname, port, method, path, headers, ...from }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    call.on('timeout', () => call.destroy(new Error(`${method} ${path} was not answered.`)));
    call.on('error', reject);
    call.end();
  });
}

describe('without the token', () => {
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
  const tokens = (): readonly (string | undefined)[] => {
    const { adminToken: token } = harness.server;
    const near = [token.slice(0, -1), `${token}x`, token.toUpperCase(), token.toLowerCase(), `${token},x`];
    const odd = [
      '',
      'null',
      'undefined',
      'true',
      '*',
      '%00',
      `${token}%00`,
      'x'.repeat(8_000),
      "' or 1=1 --",
    ];
    const bearers = [...near, ...odd, 'demo', KEY].map((one) => `Bearer ${one}`);
    const basic = [`:${token}`, `${token}:`, 'demo:'].map((one) => `Basic ${btoa(one)}`);
    return [undefined, '', 'Bearer', token, `Token ${token}`, `Bearer: ${token}`, ...bearers, ...basic];
  };
  const paths = (): readonly string[] => {
    const listed = harness.server.routes.map(({ url }) => url).filter((url) => url.startsWith('/api'));
    const real = [...new Set(listed)].map((url) =>
      url
        .replace('/events/:id', '/events/one')
        .replace('/dead-letters/:id', '/dead-letters/1')
        .replace(':id', 'iterable')
        .replace(':mapping', 'track-calls')
        .replace('*', 'nothing'),
    );
    const odd = [
      '/api',
      '/api/',
      '//api/workspace',
      '/API/workspace',
      '/%61pi/workspace',
      '/api/workspace/',
      '/api/workspace?token=x',
      '/v1/../api/workspace',
      '/api/./workspace',
      '/api/workspace;x',
      '/api/workspace%2f',
    ];
    return [...real, ...odd];
  };

  it('no address returns data, by any method, with any invalid token', async () => {
    const combinations = paths().flatMap((path) =>
      METHODS.flatMap((method) => tokens().map((token) => [method, path, token] as const)),
    );
    const step = Math.max(1, Math.floor(combinations.length / scale(600, 10_000)));
    const tried = combinations.filter((_one, index) => index % step === 0);
    const bad: unknown[] = [];
    for (const [method, path, token] of tried) {
      const { status, text } = await raw(method, path, token === undefined ? {} : { authorization: token });
      // An unknown address may be answered as such, but never an address of the admin API.
      const expected =
        /^\/api\/\w/.test(path) && method !== 'PROPFIND' ? [...REFUSED] : [...REFUSED, 404, 400, 405];
      if (method === 'OPTIONS' && path.startsWith('/v1/') && status === 204) continue; // A preflight of the tracking API.
      const said = text === '' || JSON.parse(text).success === false;
      const leaks = /"sources"|"destinations"|messageId|writeKey|\$secret|itbl-/.test(text);
      if (!expected.includes(status) || !said || leaks)
        bad.push([method, path, token, status, text.slice(0, 80)]);
    }
    expect(bad).toEqual([]);
    expect(tried.length).toBeGreaterThan(scale(500, 2_997));
  });

  it('there is no access for pages of other origins: no answer of the admin API or the metrics has CORS headers', async () => {
    const origin = {
      origin: 'http://evil.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    };
    for (const path of ['/api/workspace', '/api/nothing', '/metrics', '/healthz', '/readyz']) {
      for (const method of ['OPTIONS', 'GET']) {
        const { headers } = await raw(method, path, {
          ...origin,
          authorization: `Bearer ${harness.server.adminToken}`,
        });
        expect([path, method, headers['access-control-allow-origin']]).toEqual([path, method, undefined]);
      }
    }
  });

  it('the open addresses reveal no secret, no event and no user', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const { status, text } = await raw('GET', path, {});
      expect(status).toBe(200);
      for (const hidden of [KEY, harness.server.adminToken, 'u1', '"one"', 'Seen'])
        expect([path, text.includes(hidden)]).toEqual([path, false]);
    }
  });
});

describe('wrong values', () => {
  const TIMES = [
    1_700_000_000,
    1_700_000_000_000_000,
    1_700_000_000_000_000_000,
    1e300,
    -1,
    0,
    1.5,
    8.64e15 + 1,
    'now',
    '',
    ' ',
    '0',
    '2026',
    '2026-13-01',
    '2026-02-31',
    '2026-01-01T25:00:00Z',
    '2026-01-01T00:00',
    '+275760-09-13T00:00:00.001Z',
    '1700000000000000000',
    'Infinity',
    null,
    true,
    [],
    {},
    ['2026-01-01'],
    '2026-01-01\u0000',
  ];
  const NUMBERS = [-1, 1.5, 1e300, 'x', '', 'NaN', '1e999', Number.MAX_SAFE_INTEGER + 1, null, true, [], {}];
  const NAMES = ['', null, 7, true, [], {}, 'x'.repeat(513)];

  const bodies: readonly (readonly [string, string, Readonly<Record<string, readonly unknown[]>>, object])[] =
    [
      [
        'POST',
        'replays',
        {
          from: TIMES,
          to: TIMES,
          destination: NAMES,
          mappingId: NAMES,
          sourceId: NAMES,
          user: NAMES,
          event: NAMES,
          type: [...NAMES, 'nothing'],
          dryRun: ['yes', 1, null, 'true'],
        },
        { destination: 'iterable', from: '2020-01-01' },
      ],
      [
        'POST',
        'dead-letters/replay',
        {
          from: TIMES,
          to: TIMES,
          destination: NAMES,
          code: NAMES,
          afterId: NUMBERS,
          limit: NUMBERS,
          ids: [...NUMBERS, [-1], [1.5], ['x'], [null]],
          includeReplayed: ['yes', 1],
        },
        {},
      ],
      [
        'POST',
        'deletions',
        {
          userId: NAMES,
          email: NAMES,
          anonymousId: NAMES,
          attempt: [...NUMBERS, 0, 1_001],
          suppress: ['yes', 1],
        },
        {},
      ],
      ['POST', 'deletions/lift', { userId: NAMES, email: NAMES, anonymousId: NAMES }, {}],
      ['POST', 'destinations/iterable/resync', { mappingId: NAMES, user: NAMES }, {}],
      [
        'POST',
        'destinations/iterable/choices',
        {
          action: NAMES,
          field: NAMES,
          payload: ['x', 1, []],
          query: [1, {}],
          page: [1, []],
          fresh: ['yes', 1],
          hook: ['x', 1],
          inputs: ['x', 1, []],
        },
        { action: 'subscribeToList', field: 'listId' },
      ],
    ];
  const queries: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
    events: { limit: [...NUMBERS, 0, 1_001], after: NUMBERS },
    refusals: { limit: [...NUMBERS, 0, 1_001] },
    conflicts: { limit: [...NUMBERS, 0, 1_001], destination: [''] },
    deletions: { limit: [...NUMBERS, 0, 1_001], before: [...NUMBERS, 0], userId: [''] },
    'dead-letters': {
      limit: [...NUMBERS, 0, 1_001],
      afterId: NUMBERS,
      from: TIMES,
      to: TIMES,
      ids: ['', 'x', '1,', '-1', '1.5', '9'.repeat(30)],
      includeReplayed: ['yes', '2'],
      code: [''],
    },
  };

  it('are refused by every route with a body, and nothing runs', async () => {
    const before = (await harness.admin('stats')).body;
    const bad: unknown[] = [];
    for (const [method, path, parameters, base] of bodies) {
      for (const [name, values] of [...Object.entries(parameters), ['unheardOf', [1]] as const]) {
        for (const value of values) {
          const { status, body } = await harness.admin(path, { method, body: { ...base, [name]: value } });
          if (status !== 400 || body.error.code !== 'request_invalid')
            bad.push([path, name, value, status, body]);
        }
      }
      for (const wrong of ['[]', '"x"', '1']) {
        const { status } = await harness.admin(path, { method, body: wrong });
        if (status !== 400) bad.push([path, wrong, status]);
      }
    }
    const backwards = { destination: 'iterable', from: '2026-02-01', to: '2026-01-01' };
    expect((await harness.admin('replays', { method: 'POST', body: backwards })).status).toBe(400);
    expect(bad).toEqual([]);
    expect((await harness.admin('replays')).body).toEqual([]);
    await harness.server.idle();
    expect((await harness.admin('stats')).body).toEqual(before);
  });

  it('are refused by every route with a query', async () => {
    const bad: unknown[] = [];
    for (const [path, parameters] of Object.entries(queries)) {
      for (const [name, values] of [...Object.entries(parameters), ['unheardOf', [1]] as const]) {
        for (const value of values.filter((one) => typeof one === 'string' || typeof one === 'number')) {
          const given = new URLSearchParams([[name, String(value)]]);
          const { status, body } = await harness.admin(`${path}?${given}`);
          if (status !== 400 || body.error.code !== 'request_invalid') bad.push([path, name, value, status]);
        }
      }
      expect((await harness.admin(`${path}?limit=1&limit=2`)).status).toBe(400);
    }
    for (const one of ['-1', '1.5', 'x', '1e300', '%00']) {
      const { status } = await harness.admin(`dead-letters/${one}`);
      if (status !== 400) bad.push(['dead-letters', one, status]);
    }
    expect(bad).toEqual([]);
  });

  it('are refused as parameters of routes without any', async () => {
    const takesNone = harness.server.routes.filter(
      ({ method, url }) =>
        method === 'GET' &&
        url.startsWith('/api/') &&
        !url.includes('*') &&
        queries[url.slice(5)] === undefined,
    );
    expect(takesNone.length).toBeGreaterThan(8);
    for (const { url } of takesNone) {
      const path = url
        .slice(5)
        .replace('dead-letters/:id', 'dead-letters/1')
        .replace(/:id/, 'x')
        .replace(':mapping', 'y');
      const { status, body } = await harness.admin(`${path}?unheardOf=1`);
      expect([url, status, body.error?.code]).toEqual([url, 400, 'request_invalid']);
    }
  });

  it('are reported with the name of the parameter and its format', async () => {
    const ask = async (body: object): Promise<string> =>
      ((await harness.admin('replays', { method: 'POST', body })).body as Answer).error.message;
    expect(await ask({ destination: 'iterable', from: 1_700_000_000_000_000_000 })).toMatch(
      /"from" must be an ISO 8601 time/,
    );
    expect(await ask({ destination: 'iterable' })).toBe('"from" is missing.');
    expect(await ask({ destination: 'iterable', from: '2026-01-01', dest: 1 })).toMatch(
      /Unknown parameter "dest". Known: from, /,
    );
  });

  it('stored by an earlier version do not hide other replays', async () => {
    const period = { destination: 'iterable', from: '2026-01-01', dryRun: true };
    const { body: good } = await harness.admin('replays', { method: 'POST', body: period });
    await harness.server.idle();
    await harness.server.stop();
    const state = new DatabaseSync(join(harness.dataDir, 'state.db'));
    const { value } = state.prepare("SELECT value FROM small WHERE key = 'replays'").get() as Answer;
    const [kept] = JSON.parse(value);
    const bad = { ...kept, id: 'bad', filter: { ...kept.filter, from: 1.7e18, to: 1.8e18 }, status: 'done' };
    state
      .prepare("UPDATE small SET value = ? WHERE key = 'replays'")
      .run(JSON.stringify([bad, kept, null, { id: 'x' }]));
    state.close();
    await harness.restart();
    const { status, body } = await harness.admin('replays');
    expect([status, body.map((one: Answer) => one.id)]).toEqual([200, ['bad', good.id]]);
    expect((await harness.admin('replays/bad')).body).toMatchObject({ from: 1.7e18 });
    expect((await harness.admin('replays/bad', { method: 'DELETE' })).status).toBe(200);
  });
});
