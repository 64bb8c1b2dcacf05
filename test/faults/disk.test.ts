import { afterEach, describe, expect, it } from 'vitest';
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';
import type { ServerConfig } from '@waybill/server';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { arrived, lock, track, until } from './support.ts';

/** A small file system; undefined where this user may not create one. */
function smallDisk():
  { readonly folder: string; remount(mode: 'ro' | 'rw'): void; remove(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, folder]),
    remove() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A server whose data are on the disk, and which looks at its free space only when it writes. */
const on = (disk: { readonly folder: string }): Partial<ServerConfig> => ({
  dataDir: join(disk.folder, 'data'),
  limits: { freeDiskMegabytes: 0 },
});

const probe = smallDisk();
probe?.remove();
const itOnDisk = probe === undefined ? it.skip : it;

describe('a full disk', () => {
  let harness: Harness | undefined;
  let disk: ReturnType<typeof smallDisk>;
  afterEach(async () => {
    await harness?.close();
    disk?.remove();
    harness = disk = undefined;
  });

  itOnDisk(
    'refuses events with 503 and Retry-After, acknowledges none it cannot keep, and continues when there is room',
    async () => {
      disk = smallDisk()!;
      harness = await openHarness({ server: on(disk) });
      const taken: string[] = [];
      expect((await harness.track('track', track('before', 'u1'))).status).toBe(200);
      taken.push('before');
      const filler = join(disk.folder, 'filler');
      const handle = openSync(filler, 'w');
      try {
        for (;;) writeSync(handle, Buffer.alloc(64 * 1024));
      } catch {
        closeSync(handle);
      }
      let refused = 0;
      for (let n = 0; n < 400; n += 1) {
        const { status, body } = await harness.track('track', {
          ...track(`full-${n}`, `u${n % 7}`),
          context: { filler: 'x'.repeat(8_000) },
        });
        if (status === 200) taken.push(`full-${n}`);
        else {
          expect([status, body.error.code]).toEqual([503, 'server_storage_failed']);
          refused += 1;
          if (refused > 10) break;
        }
      }
      expect(refused).toBeGreaterThan(0);
      rmSync(filler);
      expect((await harness.track('track', track('after', 'u1'))).status).toBe(200);
      taken.push('after');
      await harness.server.idle();
      const found = await arrived(harness);
      expect(taken.filter((id) => found.get(id) !== 1)).toEqual([]);
      expect(found.size).toBe(taken.length);
    },
    60_000,
  );

  it('closes the intake early, at the configured free space', async () => {
    harness = await openHarness({ server: { limits: { freeDiskMegabytes: 1_000_000_000 } } });
    const running = harness;
    await until(async () => (await running.track('track', track('x', 'u1'))).status === 429);
    const answer = await fetch(`${harness.server.url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify(track('y', 'u1')),
    });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(((await answer.json()) as Answer).error.code).toBe('server_overloaded');
    expect((await fetch(`${harness.server.url}/readyz`)).status).toBe(503);
    expect((await harness.admin('stats')).status).toBe(200);
  });
});

describe('a disk that is not writable', () => {
  itOnDisk(
    'keeps the server from starting, and loses nothing: it goes on when the disk is well again',
    async () => {
      const disk = smallDisk()!;
      let harness: Harness | undefined;
      try {
        harness = await openHarness({ server: on(disk) });
        expect((await harness.track('track', track('before', 'u1'))).status).toBe(200);
        await harness.server.stop();
        disk.remount('ro');
        await expect(harness.restart()).rejects.toThrow(/readonly|read-only|EROFS/i);
        disk.remount('rw');
        await harness.restart();
        expect((await harness.track('track', track('after', 'u1'))).status).toBe(200);
        await harness.server.idle();
        expect([...(await arrived(harness)).keys()].sort()).toEqual(['after', 'before']);
      } finally {
        await harness?.close();
        disk.remove();
      }
    },
  );

  it('refuses events with 503 while another process locks the log, and delivers every acknowledged one', async () => {
    const harness = await openHarness();
    try {
      expect((await harness.track('track', track('before', 'u1'))).status).toBe(200);
      const held = lock(harness, 'log.db');
      const { status, body } = await harness.track('track', track('held', 'u1'));
      held.release();
      expect([status, body.error.code]).toEqual([503, 'server_storage_failed']);
      expect((await harness.track('track', track('held', 'u1'))).status).toBe(200);
      await harness.server.idle();
      expect([...(await arrived(harness)).entries()].sort()).toEqual([
        ['before', 1],
        ['held', 1],
      ]);
    } finally {
      await harness.close();
    }
  });
});

describe('a damaged disk', () => {
  it('that damages the last page of the write-ahead log loses the last commit and no later one', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'waybill-wal-'));
    const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    let child: ChildProcess | undefined;
    try {
      const first = await serve(dataDir, sandbox);
      child = first.child;
      for (const id of ['a', 'b', 'c']) expect(await send(first.url, id)).toBe(200);
      await idle(child);
      await kill(child);
      spoilLastPage(join(dataDir, 'log.db-wal'));
      const second = await serve(dataDir, sandbox);
      child = second.child;
      // The lanes are ahead of the log now: positions must not be given a second time.
      for (const id of ['d', 'e']) expect(await send(second.url, id)).toBe(200);
      await idle(child);
      const state = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as Answer;
      expect(state.events.map((one: Answer) => one.id).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    } finally {
      if (child !== undefined) await kill(child);
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('with a damaged page of a database is reported, and the server does not start', async () => {
    const harness = await openHarness();
    await harness.track('track', track('a', 'u1'));
    await harness.server.idle();
    await harness.server.stop();
    writeFileSync(join(harness.dataDir, 'log.db'), Buffer.alloc(4096, 7));
    await expect(harness.restart()).rejects.toThrow(/not a database|malformed/);
    await harness.sandbox.close();
    rmSync(harness.dataDir, { recursive: true, force: true });
  });
});

function spoilLastPage(file: string): void {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  const header = Buffer.alloc(32);
  readSync(handle, header, 0, 32, 0);
  const frame = 24 + header.readUInt32BE(8);
  const frames = Math.floor((size - 32) / frame);
  writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, 32 + (frames - 1) * frame + 24 + 1_000);
  closeSync(handle);
}

async function serve(dataDir: string, sandbox: Sandbox): Promise<{ url: string; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, '../e2e/serve.ts'), [dataDir, sandbox.url], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url } = await new Promise<{ url: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string }));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { url, child };
}

function idle(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('message', () => resolve());
    child.send('idle');
  });
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function send(url: string, id: string): Promise<number> {
  const answer = await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
    body: JSON.stringify(track(id, 'u1')),
  });
  return answer.status;
}
