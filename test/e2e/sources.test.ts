import { afterEach, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '@waybill/core';
import { type Answer, type Harness, openHarness } from './harness.ts';

const workspace = (events: number, quiet: number): Workspace => ({
  sources: [
    { id: 'web', writeKey: 'demo' },
    {
      id: 'shop',
      type: 'dummy',
      settings: { events, users: 10, pageSize: 20, secret: 'a-webhook-secret' },
    },
  ],
  processors: [{ id: 'counts', type: 'dummy', sources: ['shop'], settings: { quiet } }],
  destinations: [{ id: 'out', type: 'dummy', settings: {} }],
});

/** Every event in the log of a server, in order. */
async function eventsOf(url: string, token: string, from = 0): Promise<readonly Answer[]> {
  const all: Answer[] = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? from;
    const answer = await fetch(`${url}/api/events?limit=1000&after=${after}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { events: page } = (await answer.json()) as Answer;
    if (page.length === 0) return all;
    all.push(...page);
  }
}

describe('a server with a source and a processor', () => {
  let child: ChildProcess | undefined;
  let folder: string | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function told<T>(from: ChildProcess): Promise<T> {
    return new Promise((resolve, reject) => {
      from.once('message', (message) => resolve(message as T));
      from.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  }
  async function start(given: Workspace): Promise<{ url: string; token: string }> {
    child = fork(
      join(import.meta.dirname, 'serve.ts'),
      [folder!, 'http://127.0.0.1:1', JSON.stringify(given)],
      {
        execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    const { url } = await told<{ url: string }>(child);
    return { url, token: 'token' };
  }
  function kill(): Promise<void> {
    const killed = child!;
    return new Promise((resolve) => {
      killed.removeAllListeners('exit');
      killed.once('exit', () => resolve());
      killed.kill('SIGKILL');
    });
  }
  let seen = { seq: 0, count: 0 };
  /** How many events have been read so far. */
  async function read(url: string, token: string): Promise<number> {
    const more = await eventsOf(url, token, seen.seq);
    const happened = more.filter(({ event }) => event.event === 'Dummy Happened').length;
    seen = { seq: more.at(-1)?.seq ?? seen.seq, count: seen.count + happened };
    return seen.count;
  }

  it('that is killed repeatedly has processed each event once, and fires each timer once', async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-sources-'));
    const given = workspace(1_200, 1_500);
    for (let kills = 1; kills <= 2; kills += 1) {
      const { url, token } = await start(given);
      // In the midst of reading and working, each time a little further.
      while ((await read(url, token)) < kills * 250) await new Promise((resolve) => setTimeout(resolve, 5));
      await kill();
    }
    let served = await start(given);
    while ((await read(served.url, served.token)) < 1_200)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await kill();
    // No process is running when the timers are due.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    served = await start(given);
    const idle = told(child!);
    child!.send('idle');
    await idle;

    const all = await eventsOf(served.url, served.token);
    const properties = (name: string): Answer[] =>
      all.flatMap(({ event }) =>
        event.event === name ? [{ user: event.userId as string, ...event.properties }] : [],
      );
    expect(properties('Dummy Happened').map(({ number }) => number)).toEqual(
      Array.from({ length: 1_200 }, (_, at) => at),
    );
    const counted = Map.groupBy(properties('Dummy Counted'), ({ user }) => user as string);
    expect(counted.size).toBe(10);
    for (const list of counted.values())
      expect(list.map(({ count }) => count)).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
    const quiet = properties('Dummy Quiet').map((one) => JSON.stringify(one));
    expect(new Set(quiet).size).toBe(quiet.length);
    expect(properties('Dummy Quiet').filter(({ count }) => count === 120)).toHaveLength(10);
  }, 300_000);
});

describe('a source', () => {
  let harness: Harness;
  afterEach(() => harness.close());
  const open = async (events = 3): Promise<void> => {
    harness = await openHarness({ workspace: () => workspace(events, 3_600_000) });
    await harness.server.idle();
  };
  const hook = (body: unknown, secret = 'a-webhook-secret', id = 'shop'): Promise<Response> =>
    fetch(`${harness.server.url}/sources/${id}/webhook`, {
      method: 'POST',
      headers: { 'x-dummy-secret': secret, 'content-type': 'application/vnd.odd' },
      body: JSON.stringify(body),
    });
  const paid = { type: 'track', event: 'Paid', messageId: 'w-1', userId: 'ada' };

  it('is read, and its derived events are delivered with their cause in the history', async () => {
    await open();
    const all = await eventsOf(harness.server.url, harness.server.adminToken);
    expect(all.map(({ event, sourceId }) => `${sourceId} ${event.event}`)).toEqual([
      ...Array<string>(3).fill('shop Dummy Happened'),
      ...Array<string>(3).fill('counts Dummy Counted'),
    ]);
    const { messageId, context } = all[3].event;
    expect(context.derived).toEqual({ by: 'counts', from: 'dummy-live-0' });
    expect(await harness.steps(messageId)).toMatchObject([{ destination: 'out', status: 'delivered' }]);
  });

  it('has a webhook, which is answered when its events are durable', async () => {
    await open(0);
    const answer = await hook([paid, { ...paid, type: 'odd', messageId: 'w-2' }]);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { success: true, accepted: 1, rejectedCount: 1 },
    ]);
    await harness.server.idle();
    expect(await harness.steps('w-1')).toMatchObject([{ destination: 'out', status: 'delivered' }]);
    expect((await hook([paid], 'guess')).status).toBe(401);
    expect((await hook('no list')).status).toBe(502);
    expect((await hook([paid], undefined, 'web')).status).toBe(404);
    const { body } = await harness.admin('refusals?limit=10');
    const said = (body as Answer[]).map(({ sourceId, path, issues }) => [sourceId, path, issues[0].code]);
    expect(said).toEqual([
      ['shop', 'webhook', 'source_failed'],
      ['shop', 'webhook', 'request_unauthorized'],
      ['shop', 'webhook', 'event_invalid'],
    ]);
  });

  it('slows down guesses of the secret of a webhook, and reads no body for an unknown source', async () => {
    await open(0);
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess += 1) statuses.push((await hook([paid], `guess-${guess}`)).status);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
    const large = await fetch(`${harness.server.url}/sources/none/webhook`, {
      method: 'POST',
      body: 'x'.repeat(2_000_000),
    }).catch(() => ({ status: 404 }));
    expect(large.status).toBe(404);
    const tooLarge = await fetch(`${harness.server.url}/sources/shop/webhook`, {
      method: 'POST',
      body: 'x'.repeat(2_000_000),
    }).catch(() => ({ status: 400 }));
    expect(tooLarge.status).toBe(400);
  });

  it('reports how it is read, is tested, and is back-filled on request', async () => {
    await open(5);
    expect((await harness.admin('sources/shop/streams')).body).toEqual([
      { source: 'shop', stream: 'live', read: 5, ended: false },
    ]);
    expect((await harness.admin('sources/shop/test', { method: 'POST' })).body).toMatchObject({ ok: true });
    const asked = { streams: ['history'], from: '2026-01-01' };
    const begun = await harness.admin('sources/shop/backfill', { method: 'POST', body: asked });
    expect(begun.body[1]).toMatchObject({ stream: 'history', backfill: expect.any(String) });
    await harness.restart();
    await harness.server.idle();
    expect((await harness.admin('sources/shop/streams')).body[1]).toMatchObject({ read: 5, ended: true });
    const past = (await eventsOf(harness.server.url, harness.server.adminToken)).filter(
      ({ event }) => event.context?.historical === true,
    );
    expect(past.map(({ event }) => event.event).sort()).toEqual([
      ...Array<string>(5).fill('Dummy Counted'),
      ...Array<string>(5).fill('Dummy Happened'),
    ]);
    for (const [path, body] of [
      ['sources/web/backfill', {}],
      ['sources/shop/backfill', { streams: ['odd'] }],
    ] as const)
      expect((await harness.admin(path, { method: 'POST', body })).status).toBe(400);
  });

  it('never shows its secrets, keeps them in edits, and stops with an edit', async () => {
    await open();
    const { body } = await harness.admin('sources/shop');
    expect(body.settings.secret).toEqual({ $secret: true });
    const edit = (settings: object): Promise<{ status: number }> =>
      harness.admin('sources/shop', { method: 'PUT', body: { ...body, settings } });
    expect((await edit(body.settings)).status).toBe(200);
    expect((await hook([paid])).status).toBe(200);
    const anew = { ...body.settings, secret: 'a-webhook-secret' };
    expect((await edit({ ...anew, evnts: 3 })).status).toBe(400);
    // An unknown setting could be an address.
    expect((await edit({ ...body.settings, evnts: 3 })).status).toBe(409);
    const off = { ...body, enabled: false };
    expect((await harness.admin('sources/shop', { method: 'PUT', body: off })).status).toBe(200);
    expect((await hook([paid])).status).toBe(404);
    expect((await harness.admin('sources/shop/streams')).body).toEqual([]);
  });
});
