import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSandbox } from '@waybill/iterable-sandbox';
import { ownPostgres, PASSWORD } from '../../packages/delivery/test/postgres/server.ts';
import { type Answer, demoWorkspace } from '../e2e/harness.ts';
import { track, until } from './support.ts';

const BIN = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
const TOKEN = 'token-of-the-test';

interface Started {
  readonly url: string;
  end(): Promise<unknown>;
}

describe('a server whose events are kept in PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-postgres-server-'));
  const children = new Set<ChildProcess>();
  let said = '';
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Starts `waybill start`; fails when that ends before it listens. */
  function start(store: string, allowed: string): Promise<Started> {
    const flags = ['--store', store, '--port', '0', '--data', join(folder, 'data')];
    const child = spawn(
      process.execPath,
      [BIN, 'start', ...flags, '--workspace', join(folder, 'workspace.json')],
      {
        env: { ...process.env, WAYBILL_ADMIN_TOKEN: TOKEN, WAYBILL_ALLOWED_HOSTS: allowed },
      },
    );
    children.add(child);
    const ended = new Promise((end) => child.once('exit', end));
    return new Promise((found, failed) => {
      let own = '';
      const read = (part: Buffer): void => {
        said += part.toString();
        own += part.toString();
        const match = /Waybill listens on (http:\S+)/.exec(own);
        if (match !== null)
          found({
            url: match[1]!,
            async end() {
              child.kill('SIGTERM');
              return ended;
            },
          });
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void ended.then(() => failed(new Error(own)));
    });
  }

  async function send(url: string, messageId: string): Promise<Response> {
    return fetch(`${url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify(track(messageId, `u-${messageId}`)),
    });
  }

  async function outcomes(url: string, messageId: string): Promise<readonly string[]> {
    const answer = await fetch(`${url}/api/events/${messageId}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const { steps = [] } = (await answer.json()) as Answer;
    return steps.map((step: Answer) => step.status);
  }

  it('delivers, refuses while it is away, goes on by itself, and has everything after a restart', async () => {
    const postgres = await ownPostgres();
    const store = await postgres.database();
    const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    writeFileSync(join(folder, 'workspace.json'), JSON.stringify(demoWorkspace(sandbox.url)));
    const { host: allowed } = new URL(sandbox.url);
    const delivered = (url: string, id: string): Promise<void> =>
      until(async () => (await outcomes(url, id)).includes('delivered'), 60_000);

    const first = await start(store, allowed);
    expect((await send(first.url, 'before')).status).toBe(200);
    await delivered(first.url, 'before');

    await postgres.stop();
    const refused = await send(first.url, 'away');
    const body = (await refused.json()) as Answer;
    expect([refused.status, body.error.code]).toEqual([503, 'server_storage_failed']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);

    await postgres.start();
    await until(async () => (await send(first.url, 'away')).status === 200);
    await delivered(first.url, 'away');
    expect(await first.end()).toBe(0);

    const second = await start(store, allowed);
    expect([await outcomes(second.url, 'before'), await outcomes(second.url, 'away')]).toEqual([
      expect.arrayContaining(['delivered']),
      expect.arrayContaining(['delivered']),
    ]);
    // What is known already is taken, and not delivered again.
    expect((await send(second.url, 'before')).status).toBe(200);
    expect((await send(second.url, 'after')).status).toBe(200);
    await delivered(second.url, 'after');
    const { events } = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as Answer;
    expect(events.map(({ id }: Answer) => id).sort()).toEqual(['after', 'away', 'before']);

    await postgres.stop();
    expect(await second.end()).toBe(0);
    await expect(start(store, allowed)).rejects.toThrow('gives no connection');
    await postgres.start();
    await sandbox.close();
    expect(said).not.toContain(PASSWORD);
  }, 120_000);
});
