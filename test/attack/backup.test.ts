import { afterEach, describe, expect, it } from 'vitest';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { backUp, checkBackup, restoreBackup, startServer } from '@waybill/server';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { track } from '../faults/support.ts';
import { endRun, waybill } from './cli.ts';
import { scale } from './scale.ts';

let harness: Harness;
let folder: string;
afterEach(async () => {
  await harness?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const run = waybill(args);
  try {
    return { code: await run.code, said: run.said() };
  } finally {
    await endRun(run);
  }
}

async function open(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'waybill backups '));
  harness = await openHarness();
}

const ids = async (): Promise<readonly string[]> =>
  ((await harness.iterable()) as Answer).events.map((one: Answer) => one.id as string);

describe('a back-up', () => {
  it('of a server under load is complete: restored, it has every earlier event, none lost or duplicated', async () => {
    await open();
    let sending = true;
    let sent = 0;
    const load = (async (): Promise<void> => {
      while (sending) {
        const batch = Array.from({ length: 20 }, (_, n) => track(`e${sent + n}`, `u${n % 5}`, sent + n));
        expect((await harness.track('batch', { batch })).status).toBe(200);
        sent += 20;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const taken: { readonly backup: string; readonly before: number }[] = [];
    for (let n = 0; n < scale(1, 20); n += 1) {
      const backup = join(folder, `b${n}`);
      const before = sent;
      const { code, said } = await cli('backup', backup, '--data', harness.dataDir);
      expect([code, said]).toEqual([0, expect.stringContaining('Backed up')]);
      taken.push({ backup, before });
    }
    sending = false;
    await load;
    await harness.server.idle();
    for (const { backup, before } of taken) {
      const data = join(folder, 'restored');
      expect(await cli('restore', backup, '--data', data)).toMatchObject({ code: 0 });
      for (const name of ['log.db', 'secret-key', 'workspace.db'])
        expect(statSync(join(data, name)).mode & 0o777).toBe(0o600);
      // The destination of the restored workspace is the same sandbox, which already has all events: none may arrive twice.
      const server = await startServer({
        dataDir: data,
        port: 0,
        logLevel: 'silent',
        allowedHosts: [new URL(harness.sandbox.url).host],
      });
      try {
        expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({
          status: 'ready',
          roles: ['intake', 'delivery', 'sources', 'processors'],
        });
        await server.idle();
        const stats = (await (
          await fetch(`${server.url}/api/stats`, {
            headers: { authorization: `Bearer ${server.adminToken}` },
          })
        ).json()) as Answer;
        expect(stats.events).toBeGreaterThanOrEqual(before);
        expect(stats.destinations[0]).toMatchObject({
          cursor: stats.events,
          delivered: stats.events,
          deadLetters: 0,
        });
      } finally {
        await server.stop();
        rmSync(data, { recursive: true });
      }
    }
    const found = await ids();
    expect([found.length, new Set(found).size]).toEqual([sent, sent]);
  }, 900_000);

  it('that was changed, truncated or interrupted is refused, and nothing is restored', async () => {
    await open();
    await harness.track('track', track('a', 'u1'));
    await harness.server.idle();
    const backup = join(folder, 'b');
    const told: Record<string, readonly number[]> = {};
    const progress = (doing: string, done: number, total: number): void => {
      expect(done).toBeGreaterThanOrEqual(told[doing]?.[0] ?? 0);
      told[doing] = [done, total];
    };
    const manifest = await backUp(harness.dataDir, backup, progress);
    expect(Object.values(told).map(([done = 0, total]) => done > 0 && done === total)).toEqual([true, true]);
    expect(await checkBackup(backup)).toEqual(manifest);
    const data = join(folder, 'data');
    for (const name of ['log.db', 'state.db', 'secret-key', 'workspace.db', 'manifest.json']) {
      const file = join(backup, name);
      const kept = readFileSync(file);
      const changes = [
        () => appendFileSync(file, 'x'),
        () => writeFileSync(file, kept.subarray(0, kept.length / 2)),
        () => writeFileSync(file, Buffer.concat([kept.subarray(0, -1), Buffer.from([kept.at(-1)! ^ 1])])),
        () => rmSync(file),
      ];
      for (const change of changes) {
        change();
        await expect(checkBackup(backup)).rejects.toThrow(/back-up cannot be used/);
        await expect(restoreBackup(backup, data)).rejects.toThrow(/back-up cannot be used/);
        writeFileSync(file, kept);
      }
    }
    await expect(checkBackup(join(folder, 'nowhere'))).rejects.toThrow(/back-up cannot be used/);
  }, 120_000);

  it('needs an empty folder, and is restored to one without data that is not in use', async () => {
    await open();
    await harness.track('track', track('a', 'u1'));
    const backup = join(folder, 'b');
    await backUp(harness.dataDir, backup);
    await expect(backUp(harness.dataDir, backup)).rejects.toThrow(/already contains files/);
    await expect(backUp(join(folder, 'nowhere'), join(folder, 'c'))).rejects.toThrow(
      /it is not a data folder/,
    );
    await expect(restoreBackup(backup, harness.dataDir)).rejects.toThrow(/is in use by process/);
    await harness.server.stop();
    await expect(restoreBackup(backup, harness.dataDir)).rejects.toThrow(/already contains data/);
    await harness.restart();
  }, 120_000);

  it('has every version of the workspace, and no sessions', async () => {
    await open();
    const signIn = (url: string, init: RequestInit): Promise<Response> => fetch(`${url}/api/session`, init);
    const body = JSON.stringify({ token: harness.server.adminToken });
    const headers = { 'content-type': 'application/json' };
    const signed = await signIn(harness.server.url, { method: 'POST', headers, body });
    const id = signed.headers.getSetCookie()[0]!.split(/[=;]/)[1]!;
    const edit = (name: string) =>
      harness.admin(`destinations/iterable?note=${name}`, { method: 'PATCH', body: { name } });
    for (const name of ['one', 'two', 'three']) expect((await edit(name)).status).toBe(200);
    const backup = join(folder, 'b');
    await backUp(harness.dataDir, backup);
    await edit('after');
    const data = join(folder, 'data');
    await restoreBackup(backup, data);
    const restored = await openHarness({ server: { dataDir: data } });
    try {
      const { url } = restored.server;
      const cookie = `waybill-${new URL(url).port}=${id}`;
      expect((await signIn(url, { headers: { cookie } })).status).toBe(401);
      const { body } = await restored.admin('audit');
      expect(body.map(({ note }: Answer) => note)).toEqual(expect.arrayContaining(['three', 'two', 'one']));
      const { body: third } = await restored.admin('destinations/iterable/versions/4');
      expect(third).toMatchObject({ note: 'three', content: { name: 'three' } });
    } finally {
      await restored.close();
    }
  }, 120_000);

  it('of a folder of version 0.1 has its workspace, even if no newer version has opened the folder', async () => {
    await open();
    const fixture = join(import.meta.dirname, '../fixtures/folder-0.1');
    const old = join(folder, 'old');
    mkdirSync(old);
    for (const name of readdirSync(fixture))
      writeFileSync(join(old, name.replace(/\.gz$/, '')), gunzipSync(readFileSync(join(fixture, name))));
    const { files } = await backUp(old, join(folder, 'b'));
    expect(Object.keys(files).sort()).toEqual(['log.db', 'state.db', 'workspace.json']);
    const dataDir = join(folder, 'data');
    await restoreBackup(join(folder, 'b'), dataDir);
    const secretKey = 'fixture-secret-key';
    const server = await startServer({ dataDir, secretKey, port: 0, logLevel: 'silent' });
    try {
      expect(server.workspace.workspace.destinations.map(({ id }) => id)).toEqual(['iterable', 'later']);
      expect(readdirSync(dataDir)).not.toContain('workspace.json');
    } finally {
      await server.stop();
    }
  }, 120_000);
});
