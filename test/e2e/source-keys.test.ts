import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, type Answered, type Harness, openHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({
    server: { env: (name) => (name === 'APP_KEY' ? 'key-of-the-app' : undefined) },
    workspace: () => ({
      sources: [
        { id: 'web', writeKey: 'first-key-of-web' },
        { id: 'app', writeKey: { $env: 'APP_KEY' } },
        { id: 'feed', type: 'dummy', settings: { events: 0, secret: 'a-webhook-secret' } },
      ],
      destinations: [],
    }),
  });
});
afterAll(() => harness.close());

const keyOf = (id: string, body: unknown = {}): Promise<Answered> =>
  harness.admin(`sources/${id}/key`, { method: 'POST', body });

async function send(key: string): Promise<number> {
  const headers = { authorization: `Basic ${btoa(`${key}:`)}` };
  return (await harness.track('track', { userId: 'u1', event: 'Seen' }, headers)).status;
}

async function replace(changes: object): Promise<Answered> {
  const { body } = await harness.admin('sources/web');
  return harness.admin('sources/web', { method: 'PUT', body: { ...body, ...changes } });
}

describe('the write key of a source', () => {
  it('is shown on request, with a record in the audit log', async () => {
    expect(await keyOf('web')).toMatchObject({
      status: 200,
      body: { writeKey: 'first-key-of-web', earlier: [] },
    });
    const { body: audit } = await harness.admin('audit?limit=1');
    expect(audit).toMatchObject([{ by: 'admin', note: 'The write key of "web" was shown.', writes: [] }]);
    expect(JSON.stringify((await harness.admin('sources')).body)).not.toContain('first-key-of-web');
  });

  it('is rotated, and the previous one is valid for the given time, across a restart too', async () => {
    const before = Date.now();
    const { body } = await keyOf('web', { rotate: true });
    expect(body.writeKey).toMatch(/^[\w-]{32}$/);
    const [{ until }] = body.earlier as [{ until: number }];
    expect(until - before).toBeGreaterThanOrEqual(24 * 3_600_000);
    for (const key of ['first-key-of-web', body.writeKey as string]) expect(await send(key)).toBe(200);
    await harness.restart();
    for (const key of ['first-key-of-web', body.writeKey as string]) expect(await send(key)).toBe(200);
    expect((await harness.admin('audit?limit=1')).body).toMatchObject([
      {
        note: 'The write key of "web" was rotated.',
        writes: [{ name: 'sources/web' }, { name: 'workspace' }],
      },
    ]);
    for (const file of readdirSync(harness.dataDir)) {
      const text = readFileSync(join(harness.dataDir, file)).toString('latin1');
      expect([file, text.includes(body.writeKey as string)]).toEqual([file, false]);
    }
  });

  it('is not in answers, like those before it, which an edit keeps without prolonging them', async () => {
    const { body: source } = await harness.admin('sources/web');
    const [{ until }] = source.earlierKeys as [{ until: string }];
    expect(source).toMatchObject({
      writeKey: { $secret: true },
      earlierKeys: [{ key: { $secret: true }, until }],
    });
    expect((await replace({ name: 'Web shop' })).status).toBe(200);
    expect(await send('first-key-of-web')).toBe(200);
    const later = { key: { $secret: true }, until: '2999-01-01T00:00:00.000Z' };
    for (const earlierKeys of [[later], [null], 'x', [{ key: 'k', until: 'soon' }], Array(5).fill(later)]) {
      const { status, body } = await replace({ earlierKeys });
      expect([status, body.error.code]).toEqual([400, 'workspace_invalid']);
    }
    const taken = { key: 'key-of-the-app', until };
    expect((await replace({ earlierKeys: [taken] })).body.error.code).toBe('workspace_duplicate_id');
    const hidden = { key: { $env: 'HOME' }, until };
    expect((await replace({ earlierKeys: [hidden] })).body.error.code).toBe('workspace_variable_forbidden');
  });

  it('is refused after its time', async () => {
    const until = Date.now() + 1_500;
    await replace({ earlierKeys: [{ key: 'ends-soon', until: new Date(until).toISOString() }] });
    expect(await send('ends-soon')).toBe(200);
    while ((await send('ends-soon')) === 200) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(await send('first-key-of-web')).toBe(401);
    // What is over is forgotten with the next one.
    expect((await keyOf('web', { rotate: true })).body.earlier).toHaveLength(1);
  });

  it('ends at once, with all before it, without a time', async () => {
    const { body: leaked } = await keyOf('web');
    const { body } = await keyOf('web', { rotate: true, keptHours: 0 });
    expect(body.earlier).toEqual([]);
    expect([await send(leaked.writeKey as string), await send(body.writeKey as string)]).toEqual([401, 200]);
    for (let at = 0; at < 6; at += 1) await keyOf('web', { rotate: true, keptHours: 1 });
    expect((await keyOf('web')).body.earlier).toHaveLength(4);
  });

  it('is refused where it cannot be shown', async () => {
    const refusal = async (id: string, body?: unknown): Promise<unknown> => {
      const { status, body: answer } = await keyOf(id, body);
      return [status, (answer as Answer).error.code];
    };
    for (const body of [{}, { rotate: true }]) {
      expect(await refusal('app', body)).toEqual([409, 'source_key_fixed']);
      expect(await refusal('feed', body)).toEqual([400, 'request_invalid']);
      expect(await refusal('gone', body)).toEqual([404, 'request_not_found']);
    }
    for (const body of [{ keptHours: -1 }, { keptHours: 721 }, { rotate: 'yes' }, { key: 'mine' }])
      expect(await refusal('web', body)).toEqual([400, 'request_invalid']);
  });

  it('is hidden from readers', async () => {
    const made = async (role: string): Promise<string> =>
      (await harness.admin('tokens', { method: 'POST', body: { name: role, role } })).body.token as string;
    const attempt = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${harness.server.url}/api/sources/web/key`, { method: 'POST', headers })).status;
    };
    expect([await attempt(await made('read')), await attempt(await made('edit'))]).toEqual([403, 200]);
  });
});
