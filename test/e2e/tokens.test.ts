import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { roleOf, ROLES, type Role, type RouteName, ROUTES } from '@waybill/api';
import { type Answer, type Harness, openHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

interface Answered {
  readonly status: number;
  readonly body: Answer;
  readonly headers: Headers;
}

async function call(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Promise<Answered> {
  const answer = await fetch(`${harness.server.url}/api/${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? undefined : (JSON.parse(text) as Answer),
  };
}

/** Browsers send where the page is from; `fetch` of Node would write over it. */
function fromPage(site: string, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const given = { ...headers, 'sec-fetch-site': site };
    const sent = httpRequest(`${harness.server.url}/api/${path}`, { headers: given }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end();
  });
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function make(name: string, role: Role): Promise<string> {
  const { status, body } = await harness.admin('tokens', { method: 'POST', body: { name, role } });
  expect([status, body]).toEqual([201, { name, role, token: expect.stringMatching(/^wb_[\w-]{43}$/) }]);
  return body.token as string;
}

interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
  readonly setCookie: string;
}

async function signIn(token: string): Promise<SignedIn> {
  const { status, body, headers } = await call('POST', 'session', {}, { token });
  expect(status).toBe(200);
  const [setCookie = ''] = headers.getSetCookie();
  return { cookie: setCookie.split(';')[0]!, csrf: body.csrf as string, setCookie };
}

describe('roles', () => {
  it('are required by every route: reading needs the least, and unlisted routes the most', () => {
    const names = Object.keys(ROUTES) as RouteName[];
    const needing = (role: string): readonly string[] => names.filter((name) => roleOf(name) === role);
    expect(needing('anyone')).toEqual(['POST /api/session']);
    expect(needing('admin')).toEqual([
      'GET /api/tokens',
      'POST /api/tokens',
      'POST /api/tokens/:id/rotate',
      'DELETE /api/tokens/:id',
    ]);
    const reading = needing('read').filter((name) => !name.startsWith('GET '));
    for (const name of reading) expect(name).toMatch(/explain$|\/try$|\/plan$|^DELETE \/api\/session$/);
    expect(roleOf('GET /api/nothing')).toBeUndefined();
  });

  it('allow a token what its role may and nothing more, on every route', async () => {
    const wrong: unknown[] = [];
    for (const [at, role] of ROLES.entries()) {
      const token = await make(`has ${role}`, role);
      for (const name of Object.keys(ROUTES)) {
        const needed = roleOf(name);
        const [method = '', path = ''] = name.split(' ');
        // A missing entity is requested: a permitted caller gets that refusal, and nothing is changed.
        const asked = path.slice('/api/'.length).replace(/:\w+/g, '0');
        const isBroad =
          needed === 'anyone' || /^(GET .*stream|DELETE .*session|POST .*(replay|resume))$/.test(name);
        if (isBroad) continue;
        const { status, body } = await call(method, `${asked}?unheardOf=1`, bearer(token));
        const refused = at < ROLES.indexOf(needed as Role);
        if (refused !== (status === 403) || (refused && body.error.code !== 'request_forbidden'))
          wrong.push([role, name, status]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are named when they are missing', async () => {
    const token = await make('looks', 'read');
    const { status, body } = await call('DELETE', 'dead-letters', bearer(token), { all: true });
    expect([status, body.error.message]).toEqual([
      403,
      'This needs the role send; the token "looks" has the role read.',
    ]);
    expect((await call('GET', 'nothing', bearer(token))).status).toBe(404);
  });
});

describe('tokens', () => {
  it('are shown once, stored as hashes, and named in the audit log', async () => {
    const token = await make('Ada Lovelace', 'edit');
    const made = await call('POST', 'sources', bearer(token), { id: 'blog', writeKey: 'blog-key' });
    expect(made.status).toBe(201);
    const { body: listed } = await harness.admin('tokens');
    expect(listed[0]).toMatchObject({ name: 'admin', role: 'admin' });
    expect(listed).toContainEqual({
      name: 'Ada Lovelace',
      role: 'edit',
      createdAt: expect.any(Number),
      createdBy: 'admin',
      usedAt: expect.any(Number),
    });
    const { body: audit } = await harness.admin('audit?limit=2');
    expect(audit).toMatchObject([
      {
        by: 'Ada Lovelace',
        from: '127.0.0.1',
        writes: [{ name: 'sources/blog', after: 1 }, { name: 'workspace' }],
      },
      { by: 'admin', writes: [{ name: 'tokens/Ada%20Lovelace', after: 1 }] },
    ]);
    for (const file of readdirSync(harness.dataDir)) {
      const text = readFileSync(join(harness.dataDir, file)).toString('latin1');
      expect([file, text.includes(token)]).toEqual([file, false]);
    }
  });

  it('are refused with a duplicate, reserved or empty name', async () => {
    const attempt = async (name: unknown, role: unknown = 'read'): Promise<unknown> =>
      (await harness.admin('tokens', { method: 'POST', body: { name, role } })).body.error.code;
    await make('twice', 'read');
    for (const name of ['twice', 'admin', 'file']) expect(await attempt(name)).toBe('token_name_taken');
    for (const name of ['', ' x', 'x ', 'a\nb', 'a\u0000', '\u202ex', 'x'.repeat(65), 7, null])
      expect([name, await attempt(name)]).toEqual([name, 'request_invalid']);
    expect(await attempt('x', 'root')).toBe('request_invalid');
  });

  it('end at once when they are removed, with their sessions', async () => {
    const token = await make('leaver', 'admin');
    const { cookie } = await signIn(token);
    expect((await call('GET', 'tokens', { cookie })).status).toBe(200);
    expect((await harness.admin('tokens/leaver', { method: 'DELETE' })).status).toBe(204);
    expect((await call('GET', 'tokens', bearer(token))).status).toBe(401);
    expect((await call('GET', 'tokens', { cookie })).status).toBe(401);
    expect((await harness.admin('tokens/leaver', { method: 'DELETE' })).status).toBe(404);
    expect((await harness.admin('tokens/admin', { method: 'DELETE' })).status).toBe(400);
  });

  it('survive a restart, and a replacement of the whole workspace', async () => {
    const token = await make('stays', 'read');
    const { body: workspace } = await harness.admin('workspace');
    await harness.admin('workspace', { method: 'PUT', body: { ...workspace, sources: [] } });
    expect((await call('GET', 'workspace', bearer(token))).status).toBe(200);
    await harness.restart();
    expect((await call('GET', 'workspace', bearer(token))).status).toBe(200);
    expect((await call('GET', 'workspace/versions', bearer(token))).status).toBe(200);
  });

  it('can be renewed, the admin token too', async () => {
    const before = harness.server.adminToken;
    const named = await make('rotated', 'read');
    const { body: next } = await harness.admin('tokens/rotated/rotate', { method: 'POST' });
    expect([next.name, next.role]).toEqual(['rotated', 'read']);
    expect((await call('GET', 'session', bearer(named))).status).toBe(401);
    expect((await call('GET', 'session', bearer(next.token as string))).body).toEqual({
      name: 'rotated',
      role: 'read',
    });
    const { cookie } = await signIn(before);
    const { body } = await harness.admin('tokens/admin/rotate', { method: 'POST' });
    expect(harness.server.adminToken).toBe(body.token);
    expect(readFileSync(join(harness.dataDir, 'admin-token'), 'utf8')).toBe(`${body.token}\n`);
    expect((await call('GET', 'session', bearer(before))).status).toBe(401);
    expect((await call('GET', 'session', { cookie })).status).toBe(401);
    await harness.restart();
    expect(harness.server.adminToken).toBe(body.token);
    expect((await harness.admin('tokens')).body[0]).toMatchObject({ name: 'admin', createdBy: 'admin' });
    expect((await harness.admin('tokens/nobody/rotate', { method: 'POST' })).status).toBe(404);
  });

  it('from the environment cannot be changed here', async () => {
    const other = await openHarness({ server: { adminToken: 'given' } });
    try {
      const { status, body } = await other.admin('tokens/admin/rotate', { method: 'POST' });
      expect([status, body.error.code]).toEqual([409, 'token_fixed']);
    } finally {
      await other.close();
    }
  });

  it('are a hundred at most', async () => {
    const there = (await harness.admin('tokens')).body.length - 1;
    for (let at = there; at < 100; at += 1) await make(`one of many ${at}`, 'read');
    const { status, body } = await harness.admin('tokens', {
      method: 'POST',
      body: { name: 'x', role: 'read' },
    });
    expect([status, body.error.code]).toEqual([409, 'token_limit']);
  });
});

describe('sessions', () => {
  it('use a cookie that no page can read and no other site can send', async () => {
    const { setCookie, cookie, csrf } = await signIn(harness.server.adminToken);
    const { port } = new URL(harness.server.url);
    expect(setCookie).toMatch(
      new RegExp(`^waybill-${port}=[\\w-]{43}; Path=/api; Max-Age=604800; HttpOnly; SameSite=Strict$`),
    );
    const { body } = await call('GET', 'session', { cookie });
    expect(body).toEqual({ name: 'admin', role: 'admin', csrf, expiresAt: expect.any(Number) });
    expect((await call('GET', 'session', { cookie: `other=1; ${cookie}; last=2` })).status).toBe(200);
    expect((await call('GET', 'session', { cookie: `x${cookie}` })).status).toBe(401);
  });

  it('need a CSRF token for changes', async () => {
    const { cookie, csrf } = await signIn(harness.server.adminToken);
    const source = { id: 'by-page', writeKey: 'page-key' };
    for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': `${csrf}x` }]) {
      const { status, body } = await call('POST', 'sources', { cookie, ...headers }, source);
      expect([status, body.error.code]).toEqual([403, 'request_forged']);
    }
    const other = await signIn(harness.server.adminToken);
    expect((await call('POST', 'sources', { cookie, 'x-csrf-token': other.csrf }, source)).status).toBe(403);
    expect((await call('POST', 'sources', { cookie, 'x-csrf-token': csrf }, source)).status).toBe(201);
  });

  it('are not for pages of other origins, however similar', async () => {
    const { cookie } = await signIn(harness.server.adminToken);
    for (const site of ['cross-site', 'same-site'])
      expect(await fromPage(site, 'session', { cookie })).toBe(403);
    for (const site of ['same-origin', 'none']) expect(await fromPage(site, 'session', { cookie })).toBe(200);
  });

  it('end when signed out', async () => {
    const { cookie, csrf } = await signIn(harness.server.adminToken);
    const { status, headers } = await call('DELETE', 'session', { cookie, 'x-csrf-token': csrf });
    expect([status, headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await call('GET', 'session', { cookie })).status).toBe(401);
  });

  it('survive a restart, and signed-out ones do not return', async () => {
    const [stays, leaves] = [
      await signIn(harness.server.adminToken),
      await signIn(harness.server.adminToken),
    ];
    const out = await call('DELETE', 'session', { cookie: leaves.cookie, 'x-csrf-token': leaves.csrf });
    expect(out.status).toBe(204);
    await harness.restart();
    const { port } = new URL(harness.server.url);
    const [kept, gone] = [stays, leaves].map(({ cookie }) =>
      cookie.replace(/^waybill-\d+/, `waybill-${port}`),
    );
    const { status, body } = await call('GET', 'session', { cookie: kept! });
    expect([status, body.csrf]).toEqual([200, stays.csrf]);
    expect((await call('GET', 'session', { cookie: gone! })).status).toBe(401);
    const proven = { cookie: kept!, 'x-csrf-token': stays.csrf };
    expect((await call('DELETE', 'session', proven)).status).toBe(204);
    for (const file of readdirSync(harness.dataDir)) {
      const text = readFileSync(join(harness.dataDir, file)).toString('latin1');
      for (const secret of [stays.csrf, kept!.split('=')[1]!])
        expect([file, text.includes(secret)]).toEqual([file, false]);
    }
  });

  it('are not started with a wrong token, and guesses are slowed down', async () => {
    const missing = await call('POST', 'session', {}, {});
    expect([missing.status, missing.body.error.code]).toEqual([401, 'request_unauthorized']);
    const other = await openHarness();
    try {
      const attempt = (): Promise<Response> =>
        fetch(`${other.server.url}/api/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token: 'guess' }),
        });
      const statuses: number[] = [];
      for (let at = 0; at < 12; at += 1) statuses.push((await attempt()).status);
      expect(statuses[0]).toBe(401);
      expect(statuses.at(-1)).toBe(429);
      expect((await attempt()).headers.getSetCookie()).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('the audit log', () => {
  it('records actions that have no version', async () => {
    const token = await make('operator', 'send').catch(async () => {
      await harness.admin('tokens/one%20of%20many%2099', { method: 'DELETE' });
      return make('operator', 'send');
    });
    const asked = { destination: 'iterable', from: '2026-01-01' };
    await call('POST', 'replays', bearer(token), { ...asked, dryRun: true });
    await call('POST', 'replays', bearer(token), { ...asked, destination: 'nowhere' });
    await call('POST', 'destinations/iterable/resync', bearer(token), { user: 'u1' });
    const { body } = await call('GET', 'audit?limit=2', bearer(token));
    expect(body).toMatchObject([
      { by: 'operator', note: 'POST /api/destinations/iterable/resync', writes: [] },
      { by: 'admin', writes: [{ name: 'tokens/operator', after: 1 }] },
    ]);
  });
});
