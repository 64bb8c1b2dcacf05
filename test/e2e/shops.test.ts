import { afterEach, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '@waybill/core';
import { type Answer, type Harness, openHarness } from './harness.ts';

const SECRET = 'a-webhook-secret';

const workspace = (settings: object): Workspace => ({
  sources: [
    { id: 'web', writeKey: 'demo' },
    { id: 'shop', type: 'dummy-shop', settings: { secret: SECRET, ...settings } },
  ],
  destinations: [{ id: 'out', type: 'dummy', settings: {} }],
});

function hook(url: string, ids: readonly string[], secret = SECRET): Promise<Response> {
  return fetch(`${url}/sources/shop/webhook`, {
    method: 'POST',
    headers: { 'x-dummy-secret': secret, 'content-type': 'application/json' },
    body: JSON.stringify(ids),
  });
}

/** The orders that the log of a server has events of, as often as it has them. */
async function ordersOf(url: string, token: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/events?limit=1000`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { events } = (await answer.json()) as Answer;
  return events
    .filter(({ event }: Answer) => event.event === 'Order Completed')
    .map(({ event }: Answer) => event.properties.order_id as string);
}

describe('a shop', () => {
  let harness: Harness;
  afterEach(() => harness.close());
  const open = async (settings: object = {}, publicUrl?: string): Promise<void> => {
    harness = await openHarness({
      workspace: () => workspace({ orders: 40, ...settings }),
      ...(publicUrl === undefined ? {} : { server: { publicUrl } }),
    });
    await harness.server.idle();
  };
  const read = async (): Promise<readonly string[]> => {
    await harness.server.idle();
    return ordersOf(harness.server.url, harness.server.adminToken);
  };
  const streams = async (): Promise<Answer> => (await harness.admin('sources/shop/streams')).body;

  it('is read once when its webhook reports a change', async () => {
    await open();
    expect((await hook(harness.server.url, ['7', '7', '99'])).status).toBe(200);
    expect((await hook(harness.server.url, ['7'])).status).toBe(200);
    expect((await hook(harness.server.url, ['8'], 'guess')).status).toBe(401);
    expect(await read()).toEqual(['7']);
    const shaken = await fetch(`${harness.server.url}/sources/shop/webhook?challenge=here`);
    expect([shaken.status, await shaken.text()]).toEqual([200, 'here']);
    const refusals = (await harness.admin('refusals?sourceId=shop')).body;
    expect(refusals).toMatchObject([{ path: 'webhook', issues: [{ code: 'source_signature_invalid' }] }]);
  });

  it('is back-filled, and counted at the end', async () => {
    await open();
    await hook(harness.server.url, ['0']);
    expect(await read()).toEqual(['0']);
    const asked = await harness.admin('sources/shop/backfill', {
      method: 'POST',
      body: { streams: ['orders'], from: '2026-01-01T00:10:00Z' },
    });
    expect(asked.status).toBe(200);
    expect((await read()).length).toBe(31);
    expect((await streams()).findLast((one: Answer) => one.mode === 'backfill')).toMatchObject({
      stream: 'orders',
      read: 30,
      total: 30,
      ended: true,
    });
    const unknown = { method: 'POST', body: { streams: ['odd'] } };
    expect((await harness.admin('sources/shop/backfill', unknown)).status).toBe(400);
  });

  it('sets aside unreadable rows, across a restart, until they are read again', async () => {
    await open({ mode: 'spoilt' });
    await hook(harness.server.url, ['0', '1']);
    expect(await read()).toEqual(['1']);
    await harness.restart();
    const [row] = (await harness.admin('sources/shop/set-aside')).body;
    expect(row).toMatchObject({ row: '0', code: 'source_failed', message: 'Order 0 has no lines.' });
    expect((await streams())[0]).toMatchObject({ setAside: 1, waiting: 0 });
    const { body: source } = await harness.admin('sources/shop');
    await harness.admin('sources/shop', {
      method: 'PUT',
      body: { ...source, settings: { ...source.settings, mode: 'ok' } },
    });
    const again = await harness.admin('sources/shop/set-aside/read', {
      method: 'POST',
      body: { keys: [row.key] },
    });
    expect(again.body).toEqual({ reading: 1 });
    expect((await read()).toSorted()).toEqual(['0', '1']);
    expect((await harness.admin('sources/shop/set-aside')).body).toEqual([]);
  });

  it('is read at once on request', async () => {
    await open();
    const asked = await harness.admin('sources/shop/read', { method: 'POST', body: { sweeps: true } });
    expect(asked).toMatchObject({
      status: 200,
      body: [{ stream: 'orders', mode: 'poll' }, { mode: 'sweep' }],
    });
    expect((await harness.admin('sources/web/read', { method: 'POST', body: {} })).status).toBe(400);
  });

  it('has its webhooks registered, and reports why not, or that the credentials are wrong', async () => {
    await open({}, 'https://events.shop.example');
    const address = 'https://events.shop.example/sources/shop/webhook';
    expect((await harness.admin('sources/shop/webhook')).body).toMatchObject({
      address,
      message: `The dummy shop would call ${address}.`,
    });
    await harness.close();
    await open({ mode: 'unauthorized' });
    const told = (await harness.admin('sources/shop/webhook')).body;
    expect(told.message).toContain('WAYBILL_PUBLIC_URL');
    expect((await streams())[0]).toMatchObject({ failure: { code: 'source_unauthorized' } });
    const tried = (await harness.admin('sources/shop/test', { method: 'POST' })).body;
    expect(tried).toMatchObject({ ok: false, issue: { code: 'source_unauthorized' } });
    expect((await harness.admin('sources/web/webhook')).status).toBe(400);
  });
});

describe('a shop whose server is killed after an answer to its webhook', () => {
  let child: ChildProcess | undefined;
  let folder: string | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  const told = <T>(from: ChildProcess): Promise<T> =>
    new Promise((resolve, reject) => {
      from.once('message', (message) => resolve(message as T));
      from.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  const start = async (): Promise<string> => {
    child = fork(
      join(import.meta.dirname, 'serve.ts'),
      [folder!, 'http://127.0.0.1:1', JSON.stringify(workspace({ orders: 500 }))],
      {
        execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    return (await told<{ url: string }>(child)).url;
  };
  const kill = (): Promise<void> => {
    const killed = child!;
    return new Promise((resolve) => {
      killed.removeAllListeners('exit');
      killed.once('exit', () => resolve());
      killed.kill('SIGKILL');
    });
  };

  it('has every named order, once', async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-shops-'));
    const named = (first: number): readonly string[] =>
      Array.from({ length: 60 }, (_, at) => String(first + at));
    for (const first of [0, 40]) {
      const url = await start();
      expect((await hook(url, named(first))).status).toBe(200);
      await kill();
    }
    const url = await start();
    const idle = told(child!);
    child!.send('idle');
    await idle;
    const orders = await ordersOf(url, 'token');
    expect(orders.toSorted((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 100 }, (_, at) => String(at)),
    );
  }, 60_000);
});
