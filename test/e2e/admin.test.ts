import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Harness, openHarness } from './harness.ts';

const KEY = 'itbl-key-4711-very-secret';
const WRITE_KEY = 'wk-0815-very-secret';

describe('the admin API', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({
      sandbox: { apiKeys: [KEY] },
      workspace: (url) => ({
        sources: [
          { id: 'shop', writeKey: 'demo' },
          { id: 'app', writeKey: WRITE_KEY },
        ],
        destinations: [{ id: 'iterable', type: 'iterable', settings: { apiKey: KEY, apiUrl: url } }],
      }),
    });
  });
  afterAll(() => harness.close());

  it.each([
    'workspace',
    'sources',
    'destinations',
    'stats',
    'events',
    'events/x',
    'dead-letters',
    'refusals',
    'definitions',
  ])('GET /api/%s needs the token', async (path) => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${btoa('demo:')}`]) {
      const answer = await fetch(`${harness.server.url}/api/${path}`, { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
  });

  it('never returns a secret', async () => {
    for (const path of ['workspace', 'sources', 'sources/app', 'destinations', 'destinations/iterable']) {
      const text = JSON.stringify((await harness.admin(path)).body);
      expect([path, text.includes(KEY), text.includes(WRITE_KEY)]).toEqual([path, false, false]);
    }
  });

  it('stores no secret in any file, nor in records of requests', async () => {
    await harness.track('identify', {
      messageId: 'secret-1',
      userId: 'u1',
      traits: { note: `my key is ${KEY}` },
    });
    await harness.server.idle();
    const [step] = await harness.steps('secret-1');
    expect(step!.status).toBe('delivered');
    expect(JSON.stringify(step!.exchanges)).not.toContain(KEY);
    await harness.server.stop();
    for (const name of readdirSync(harness.dataDir)) {
      // The event itself contains the string that its sender wrote; all other data must not.
      if (name.startsWith('log.db') || statSync(join(harness.dataDir, name)).isDirectory()) continue;
      const text = readFileSync(join(harness.dataDir, name)).toString('latin1');
      expect([name, text.includes(KEY), text.includes(WRITE_KEY)]).toEqual([name, false, false]);
    }
    for (const name of ['admin-token', 'secret-key', 'workspace.db']) {
      expect([name, statSync(join(harness.dataDir, name)).mode & 0o077]).toEqual([name, 0]);
    }
    await harness.restart();
  });

  it('keeps a secret that is sent back unchanged', async () => {
    const { body } = await harness.admin('destinations/iterable');
    const { mappings: _resolved, ...config } = body;
    expect(config.settings.apiKey).toEqual({ $secret: true });
    expect(
      (await harness.admin('destinations/iterable', { method: 'PUT', body: { ...config, name: 'Renamed' } }))
        .status,
    ).toBe(200);
    expect(
      (await harness.admin('destinations/iterable/test', { method: 'POST', body: {} })).body,
    ).toMatchObject({ ok: true });
  });

  it('reports why a connection fails', async () => {
    const settings = { apiKey: 'wrong', apiUrl: harness.sandbox.url };
    await harness.admin('destinations', {
      method: 'POST',
      body: { id: 'broken', type: 'iterable', settings, enabled: false },
    });
    expect(
      (await harness.admin('destinations/broken/test', { method: 'POST', body: {} })).body,
    ).toMatchObject({
      ok: false,
      issue: { code: 'destination_unauthorized', message: expect.stringMatching(/\S/) },
    });
    expect((await harness.admin('destinations/broken', { method: 'DELETE' })).status).toBe(204);
  });

  it('adds, changes and removes a source', async () => {
    expect(
      (await harness.admin('sources', { method: 'POST', body: { id: 'new', writeKey: 'k2' } })).status,
    ).toBe(201);
    const sent = { authorization: `Basic ${btoa('k2:')}` };
    expect((await harness.track('page', { userId: 'u', name: 'A' }, sent)).status).toBe(200);
    await harness.admin('sources/new', {
      method: 'PUT',
      body: { writeKey: { $secret: true }, enabled: false },
    });
    expect((await harness.track('page', { userId: 'u', name: 'A' }, sent)).status).toBe(401);
    expect((await harness.admin('sources/new', { method: 'DELETE' })).status).toBe(204);
    expect((await harness.admin('sources/new')).status).toBe(404);
  });

  it('delivers only from the sources of a destination', async () => {
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { sources: ['app'] } });
    await harness.track('track', { messageId: 'not-mine', userId: 'u1', event: 'Seen' });
    await harness.server.idle();
    expect(await harness.steps('not-mine')).toEqual([]);
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { sources: ['shop', 'app'] } });
  });

  it('returns the whole history of one event', async () => {
    await harness.track('track', { messageId: 'story', userId: 'u1', event: 'Told', properties: { a: 1 } });
    await harness.server.idle();
    const { body } = await harness.admin('events/story');
    expect(body).toMatchObject({
      messageId: 'story',
      sourceId: 'shop',
      event: { event: 'Told' },
      steps: [
        {
          mappingId: 'track-calls',
          status: 'delivered',
          attempts: 1,
          exchanges: [{ response: { status: 200 } }],
        },
      ],
    });
    expect((await harness.admin('events/never-sent')).status).toBe(404);
  });

  it('reads the choices of a dynamic field from the account', async () => {
    const ask = { action: 'subscribeToList', field: 'listId' };
    const list = await fetch(`${harness.sandbox.url}/api/lists`, {
      method: 'POST',
      headers: { 'Api-Key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Newsletter' }),
    });
    expect(list.status).toBe(200);
    const { body } = await harness.admin('destinations/iterable/choices', { method: 'POST', body: ask });
    expect(body.choices).toEqual([expect.objectContaining({ label: expect.stringContaining('Newsletter') })]);
    const wrong = await harness.admin('destinations/iterable/choices', {
      method: 'POST',
      body: { ...ask, field: 'no' },
    });
    expect(wrong.body).toMatchObject({ error: { code: 'request_not_found' } });
  });

  it('deletes a user at every destination that supports it, and accepts a re-sync', async () => {
    await harness.track('identify', { messageId: 'leaver', userId: 'leaver-1', traits: { plan: 'none' } });
    await harness.server.idle();
    const { body } = await harness.admin('deletions', { method: 'POST', body: { userId: 'leaver-1' } });
    expect(body).toMatchObject([{ destination: 'iterable', outcome: { status: 'delivered' } }]);
    expect(JSON.stringify(await harness.iterable())).not.toContain('"plan":"none"');
    expect((await harness.admin('deletions', { method: 'POST', body: {} })).status).toBe(400);
    const resync = await harness.admin('destinations/iterable/resync', { method: 'POST', body: {} });
    expect(resync.body).toEqual({ forgotten: 0 });
    expect((await harness.admin('conflicts')).body).toEqual([]);
  });

  it('refuses an unknown filter', async () => {
    const { status, body } = await harness.admin('dead-letters/replay', {
      method: 'POST',
      body: { mapping: 'x' },
    });
    expect([status, body.error.code]).toEqual([400, 'request_invalid']);
  });

  it('serves metrics of events and outcomes', async () => {
    const text = await (await fetch(`${harness.server.url}/metrics`)).text();
    expect(text).toMatch(/waybill_events_accepted_total\{source="shop"\} \d+/);
    expect(text).toMatch(
      /waybill_outcomes_total\{destination="iterable",mapping="track-calls",status="delivered",code=""\} \d+/,
    );
    expect(text).toMatch(/waybill_destination_lag_events\{destination="iterable"\} 0/);
  });

  it('reports liveness, readiness and status', async () => {
    const roles = ['intake', 'delivery', 'sources', 'processors'];
    expect(await (await fetch(`${harness.server.url}/healthz`)).json()).toEqual({ status: 'ok', roles });
    expect(await (await fetch(`${harness.server.url}/readyz`)).json()).toEqual({ status: 'ready', roles });
  });

  it('refuses events of deleted users, replays none of theirs, and accepts them again on request', async () => {
    const post = (path: string, body: object) => harness.admin(path, { method: 'POST', body });
    const send = (messageId: string, who: object) =>
      harness.track('track', { messageId, event: 'Seen', ...who });
    const gone = { userId: 'gone-1', email: 'Gone@Example.com' };
    const since = new Date(Date.now() - 60_000).toISOString();
    await send('before', { userId: 'gone-1' });
    await harness.server.idle();
    await post('deletions', gone);
    expect((await harness.admin('deletions?userId=gone-1')).body).toMatchObject([
      {
        kind: 'deleted',
        by: 'admin',
        ...gone,
        suppressed: true,
        destinations: [{ destination: 'iterable' }],
      },
    ]);

    for (const [index, who] of [
      { userId: 'gone-1' },
      { anonymousId: 'a', properties: { email: 'gone@example.com' } },
      { anonymousId: 'a', context: { traits: { email: 'gone@example.com' } } },
    ].entries()) {
      const { status, body } = await send(`after-${index}`, who);
      expect([status, body.error.code]).toEqual([400, 'deletion_suppressed']);
      expect((await harness.admin(`events/after-${index}`)).status).toBe(404);
    }
    const batch = [
      { type: 'track', event: 'Seen', messageId: 'of-gone', userId: 'gone-1' },
      { type: 'alias', messageId: 'alias-of-gone', userId: 'other', previousId: 'gone-1' },
      { type: 'track', event: 'Seen', messageId: 'of-other', userId: 'other' },
    ];
    const mixed = await harness.track('batch', { batch });
    expect([mixed.status, mixed.body.rejectedCount]).toEqual([200, 2]);
    const refusals = (await harness.admin('refusals?sourceId=shop')).body as readonly {
      messageId?: string;
      issues: readonly { code: string }[];
    }[];
    expect(refusals.find(({ messageId }) => messageId === 'of-gone')?.issues).toMatchObject([
      { code: 'deletion_suppressed', path: 'batch[0]' },
    ]);
    const started = await post('replays', { destination: 'iterable', from: since, user: 'gone-1' });
    await vi.waitFor(
      async () => expect((await harness.admin(`replays/${started.body.id}`)).body.status).toBe('done'),
      { timeout: 20_000, interval: 20 },
    );
    await harness.server.idle();
    expect(await harness.steps('before')).toMatchObject([{ status: 'skipped', code: 'deletion_suppressed' }]);

    await harness.restart();
    expect((await send('after-restart', { userId: 'gone-1' })).status).toBe(400);
    await post('deletions', { userId: 'gone-1', attempt: 2, suppress: false });
    expect((await send('still', { userId: 'gone-1' })).status).toBe(400);
    expect((await post('deletions/lift', { userId: 'gone-1' })).body).toMatchObject({
      kind: 'lifted',
      ...gone,
      suppressed: false,
    });
    expect(
      (await send('again', { userId: 'gone-1', properties: { email: 'gone@example.com' } })).status,
    ).toBe(200);
    await harness.server.idle();
    // It is sent: Iterable itself has deleted the user, and reports it.
    expect(await harness.steps('again')).toMatchObject([
      { status: 'rejected', code: 'destination_user_forgotten' },
    ]);
    expect((await post('deletions/lift', { userId: 'gone-1' })).body.error.code).toBe('request_not_found');
    const kinds = (await harness.admin('deletions?email=GONE%40example.com')).body as { kind: string }[];
    expect(kinds.map(({ kind }) => kind)).toEqual(['lifted', 'deleted', 'deleted']);
    const [newest, next] = (await harness.admin('deletions?limit=2')).body as { id: number }[];
    expect((await harness.admin(`deletions?limit=1&before=${newest!.id}`)).body).toEqual([next]);
  });

  it('keeps accepting events of deleted users on request', async () => {
    const body = { anonymousId: 'visitor-1', suppress: false };
    expect((await harness.admin('deletions', { method: 'POST', body })).status).toBe(200);
    const seen = await harness.track('track', { messageId: 'kept', event: 'Seen', anonymousId: 'visitor-1' });
    expect(seen.status).toBe(200);
  });
});

describe('a user-ID project', () => {
  it('finds the user of an address that arrived with a user ID before, also after a restart', async () => {
    const harness = await openHarness({ projectType: 'userId' });
    try {
      const order = (messageId: string, email: string) =>
        harness.track('track', { messageId, anonymousId: 'a', event: 'Reviewed', properties: { email } });
      await order('before', 'ada@example.com');
      await harness.track('identify', {
        messageId: 'who',
        userId: 'u-7',
        traits: { email: 'ada@example.com' },
      });
      await harness.server.idle();
      await harness.restart();
      await order('after', 'Ada@example.com');
      await harness.server.idle();
      expect(await harness.steps('before')).toMatchObject([{ status: 'rejected', code: 'identity_missing' }]);
      expect(await harness.steps('after')).toMatchObject([
        { status: 'delivered', message: expect.stringContaining('filled in') },
      ]);
    } finally {
      await harness.close();
    }
  });
});
