import { afterEach, describe, expect, it } from 'vitest';
import {
  chmodSync,
  cpSync,
  existsSync,
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
import { createSandbox } from '@waybill/iterable-sandbox';
import { type Server, startServer } from '@waybill/server';
import { demoWorkspace, openHarness } from '../e2e/harness.ts';
import { arrived, track } from '../faults/support.ts';
import { endRun, type Run, waybill } from './cli.ts';
import { scale } from './scale.ts';
import { fill, smallDisk } from './small-disk.ts';

const probe = smallDisk('1m');
probe?.remove();
const itOnDisk = probe === undefined ? it.skip : it;

const runs: Run[] = [];
const folders: string[] = [];
const open = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Run => {
  const run = waybill(args, { env });
  runs.push(run);
  return run;
};
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill folder '));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => endRun(run)));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const starts = (dataDir: string): Promise<Server> => startServer({ dataDir, port: 0, logLevel: 'silent' });
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Returns the processes whose command line contains a string. */
function processesOf(text: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

describe('two servers on one folder', () => {
  it('are prevented: the second names the folder and the process, and the first delivers everything once', async () => {
    const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    const folder = newFolder();
    const data = join(folder, 'data');
    const workspace = join(folder, 'workspace.json');
    writeFileSync(workspace, JSON.stringify(demoWorkspace(sandbox.url)));
    const args = ['start', '--port', '0', '--data', data, '--workspace', workspace];
    const env = { WAYBILL_ALLOWED_HOSTS: new URL(sandbox.url).host };
    let sent = 0;
    try {
      for (let round = 0; round < scale(1, 20); round += 1) {
        const first = open(args, env);
        const url = await first.url;
        const seconds = Array.from({ length: scale(1, 4) }, () => open(args, env));
        for (let n = 0; n < 40; n += 1) {
          const answer = await fetch(`${url}/v1/track`, {
            method: 'POST',
            headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
            body: JSON.stringify(track(`${round}-${n}`, `u${n % 5}`)),
          });
          expect(answer.status).toBe(200);
          sent += 1;
        }
        for (const second of seconds) {
          expect(await second.code).toBe(1);
          expect(second.said()).toContain(`The data folder ${data} is in use by process ${first.child.pid},`);
          expect(second.said()).toContain('Stop that server first, or choose another folder with --data');
          expect(second.said()).not.toContain('    at ');
        }
        // The system gives up the lock of a process that is killed.
        await endRun(first, round % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      }
      const last = open(args, env);
      await last.url;
      const state = (): Promise<{ events: readonly { id: string }[] }> =>
        fetch(`${sandbox.url}/_sandbox/state`).then((answer) => answer.json() as never);
      for (let wait = 0; (await state()).events.length < sent && wait < 200; wait += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const ids = (await state()).events.map(({ id }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([sent, sent]);
    } finally {
      await sandbox.close();
    }
  }, 900_000);

  it('are prevented within one process too, and a copy of a folder in use is another folder', async () => {
    const harness = await openHarness();
    try {
      await expect(starts(harness.dataDir)).rejects.toThrow(/is in use by process/);
      const copy = newFolder();
      // It contains the process number of a running process.
      cpSync(harness.dataDir, copy, { recursive: true });
      const other = await openHarness({ server: { dataDir: copy } });
      await other.close();
      expect((await harness.track('track', track('still', 'u1'))).status).toBe(200);
    } finally {
      await harness.close();
    }
  });
});

describe('a folder that is not writable', () => {
  itOnDisk('is named in one line, and leaves no process behind', async () => {
    const disk = smallDisk('4m')!;
    try {
      disk.remount('ro');
      const run = open(['start', '--demo', '--port', '0', '--data', join(disk.folder, 'data')], {
        WAYBILL_SANDBOX_PORT: '0',
      });
      expect(await run.code).toBe(1);
      expect(run.said().trim().split('\n')).toEqual([
        expect.stringMatching(/^folder_not_writable: The data folder \S+ cannot be written \(E.*--data/),
      ]);
      expect(processesOf(disk.folder)).toEqual([]);
    } finally {
      disk.remove();
    }
  });

  it('is named when it is a file', async () => {
    const file = join(newFolder(), 'data');
    writeFileSync(file, '');
    const run = open(['start', '--port', '0', '--data', file]);
    expect(await run.code).toBe(1);
    expect(run.said()).toMatch(/^folder_not_writable: The data folder .*data cannot be written \(EEXIST/);
  });
});

describe('a folder of an earlier version', () => {
  it('is closed to others, with every file in it', async () => {
    const harness = await openHarness();
    await harness.track('track', track('a', 'u1'));
    await harness.server.stop();
    for (const name of readdirSync(harness.dataDir)) chmodSync(join(harness.dataDir, name), 0o644);
    chmodSync(harness.dataDir, 0o755);
    await harness.restart();
    await harness.track('track', track('b', 'u1'));
    const modes = readdirSync(harness.dataDir).map((name) => [name, mode(join(harness.dataDir, name))]);
    expect(modes.map(([name]) => name)).toEqual(expect.arrayContaining(['log.db-wal', 'state.db-shm']));
    expect(modes.filter(([, bits]) => bits !== '600')).toEqual([]);
    expect(mode(harness.dataDir)).toBe('700');
    await harness.close();
  });

  it('keeps its permissions when others store files in it', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'notes.txt'), 'mine', { mode: 0o644 });
    const harness = await openHarness({ server: { dataDir: folder } });
    expect([mode(folder), mode(join(folder, 'notes.txt'))]).toEqual(['755', '644']);
    expect(mode(join(folder, 'log.db'))).toBe('600');
    await harness.close();
  });
});

describe('a key', () => {
  it('that is missing is reported and never replaced', async () => {
    const harness = await openHarness();
    await harness.server.stop();
    const key = join(harness.dataDir, 'secret-key');
    const kept = readFileSync(key);
    for (const lose of [() => rmSync(key), () => writeFileSync(key, '')]) {
      lose();
      await expect(harness.restart()).rejects.toThrow(/secret-key is (missing|empty).*WAYBILL_SECRET_KEY/);
      expect(existsSync(key) && readFileSync(key, 'utf8')).toBe(existsSync(key) ? '' : false);
    }
    writeFileSync(key, kept);
    await harness.restart();
    expect((await harness.track('track', track('a', 'u1'))).status).toBe(200);
    await harness.close();
  });

  it('that is wrong is reported, and the workspace is kept', async () => {
    const harness = await openHarness();
    await harness.server.stop();
    const key = join(harness.dataDir, 'secret-key');
    const kept = readFileSync(key);
    const stored = readFileSync(join(harness.dataDir, 'workspace.db'));
    writeFileSync(key, 'another\n');
    await expect(harness.restart()).rejects.toThrow(/encrypted with a key other than/);
    expect(readFileSync(join(harness.dataDir, 'workspace.db'))).toEqual(stored);
    writeFileSync(key, kept);
    await harness.restart();
    await harness.close();
  });
});

describe('a nearly full disk', () => {
  itOnDisk(
    'takes a change whole or not at all: what is answered is what the next start finds',
    async () => {
      const disk = smallDisk('12m')!;
      const harness = await openHarness({
        server: { dataDir: join(disk.folder, 'data'), limits: { freeDiskMegabytes: 0 } },
      });
      try {
        let taken = 0;
        let refused = 0;
        for (let n = 0; n < scale(6, 100); n += 1) {
          // From no free space to more than enough for the file.
          const room = fill(disk.folder, (n % 6) * 65_536);
          const name = `${n} ${'x'.repeat(20_000)}`;
          const { status, body } = await harness.admin('sources', {
            method: 'POST',
            body: { id: `s${n}`, name, writeKey: `key-${n}` },
          });
          const shown = (await harness.admin('sources')).body as readonly { id: string }[];
          const there = shown.some((one) => one.id === `s${n}`);
          if (status === 201) taken += 1;
          else {
            expect([status, body.error.code]).toEqual([507, 'workspace_not_stored']);
            refused += 1;
          }
          expect(there).toBe(status === 201);
          room.free();
          if (n % scale(3, 1) > 0) continue;
          await harness.restart();
          const found = (await harness.admin('sources')).body as readonly unknown[];
          expect(found).toEqual(shown);
        }
        expect([taken > 0, refused > 0]).toEqual([true, true]);
        expect((await harness.track('track', track('after', 'u1'))).status).toBe(200);
        await harness.server.idle();
        expect([...(await arrived(harness)).entries()]).toEqual([['after', 1]]);
      } finally {
        await harness.close();
        disk.remove();
      }
    },
    900_000,
  );
});

describe('a copy of a folder', () => {
  it('with a page of another time in it is found damaged at the start, and not served', async () => {
    const harness = await openHarness();
    for (let n = 0; n < 200; n += 1) await harness.track('track', track(`e${n}`, `u${n % 5}`));
    await harness.server.idle();
    await harness.server.stop();
    const copy = join(newFolder(), 'data');
    mkdirSync(copy);
    cpSync(harness.dataDir, copy, { recursive: true });
    const file = join(copy, 'log.db');
    const bytes = readFileSync(file);
    // What a copy of a file that is being written looks like: a later part is as it was before.
    bytes.fill(0, bytes.length - 16_384);
    writeFileSync(file, bytes);
    await expect(starts(copy)).rejects.toThrow(/log\.db is damaged .*waybill restore/);
    await harness.restart();
    await harness.close();
  });

  it('after a clean stop is complete with only its two databases', async () => {
    const harness = await openHarness();
    for (let n = 0; n < 50; n += 1) await harness.track('track', track(`e${n}`, `u${n % 5}`));
    await harness.server.idle();
    await harness.server.stop();
    for (const name of readdirSync(harness.dataDir)) {
      if (/-(wal|shm)$/.test(name)) rmSync(join(harness.dataDir, name));
    }
    const before = (await harness.iterable()) as { events: readonly unknown[] };
    await harness.restart();
    await harness.server.idle();
    expect((await harness.admin('stats')).body.destinations[0]).toMatchObject({ cursor: 50, lag: 0 });
    expect(before.events.length).toBe(50);
    const log = await fetch(`${harness.sandbox.url}/_sandbox/log?user=u1`);
    expect(((await log.json()) as { items: readonly unknown[] }).items.length).toBe(10);
    await harness.close();
  });
});
