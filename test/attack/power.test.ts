import { afterEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';
import { type Child, idle, killHard, start } from '../crash/children.ts';
import type { Answer } from '../e2e/harness.ts';
import { track } from '../faults/support.ts';
import { scale } from './scale.ts';

/*
 * A power cut loses data that was written but not synced. The data is on a separate file system in an image; the image at any moment
 * is the content of a disk after a cut, because it lacks what is still in the page cache.
 */

interface Disk {
  readonly folder: string;
  /** Cuts the power: the folder then has the state of the disk. No process may write meanwhile. */
  cut(whoWrites: () => Promise<void>): Promise<void>;
  remove(): void;
}

/** Makes a disk; undefined where this user may not mount one. */
function makeDisk(): Disk | undefined {
  const place = mkdtempSync(join(tmpdir(), 'waybill-power-'));
  const [image, after, folder] = ['image', 'after', 'disk'].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ];
  const mount = (attempts = 5): void => {
    try {
      // What is not synced stays in memory for longer than this test takes.
      execFileSync('mount', ['-o', 'loop,commit=300', image, folder], { stdio: 'ignore' });
    } catch (error) {
      // Another process may have taken the free loop device first.
      if (attempts === 1) throw error;
      execFileSync('sleep', ['0.2']);
      mount(attempts - 1);
    }
  };
  const unmount = (): void => void execFileSync('umount', [folder], { stdio: 'ignore' });
  try {
    mkdirSync(folder);
    execFileSync('truncate', ['-s', '64M', image]);
    execFileSync('mkfs.ext4', ['-q', image], { stdio: 'ignore' });
    mount();
  } catch {
    rmSync(place, { recursive: true });
    return undefined;
  }
  return {
    folder,
    async cut(whoWrites) {
      copyFileSync(image, after);
      await whoWrites();
      unmount();
      copyFileSync(after, image);
      mount();
    },
    remove() {
      unmount();
      rmSync(place, { recursive: true });
    },
  };
}

const probe = makeDisk();
probe?.remove();
const onDisk = probe === undefined ? describe.skip : describe;

let disk: Disk | undefined;
let sandbox: Sandbox | undefined;
let server: Child | undefined;
afterEach(async () => {
  if (server !== undefined) await killHard(server);
  await sandbox?.close();
  disk?.remove();
  server = sandbox = disk = undefined;
});

const call = async (url: string, method: string, authorization: string, body?: unknown): Promise<Answer> => {
  const answer = await fetch(url, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

onDisk('a power cut', () => {
  it('loses nothing acknowledged: no event, no change of the workspace, no key', async () => {
    disk = makeDisk()!;
    sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    const events: string[] = [];
    const sources = ['shop'];
    for (let round = 0; round < scale(2, 8); round += 1) {
      server = start('../e2e/serve.ts', [join(disk.folder, 'parent', 'data'), sandbox.url]);
      const url = await server.url;
      // A change of the workspace, and right away another server's worth of events: the cut comes in the middle of them.
      const added = await call(`${url}/api/sources`, 'POST', 'Bearer token', {
        id: `s${round}`,
        writeKey: `key-${round}`,
      });
      expect(added.status).toBe(201);
      sources.push(`s${round}`);
      let cut = false;
      const writers = Array.from({ length: 4 }, async (_one, writer) => {
        for (let n = 0; !cut; n += 1) {
          const ids = Array.from({ length: 5 }, (_two, index) => `${round}-${writer}-${n}-${index}`);
          const batch = ids.map((id) => track(id, `u${writer}`));
          const answer = await call(`${url}/v1/batch`, 'POST', `Basic ${btoa(`key-${round}:`)}`, {
            batch,
          }).catch(() => undefined);
          if (answer?.status === 200 && !cut) events.push(...ids);
        }
      });
      await new Promise((resolve) => setTimeout(resolve, [0, 150, 400][round % 3]));
      const running = server;
      running.process.kill('SIGSTOP');
      // What was answered by now counts; what comes later was not stored when the power went.
      cut = true;
      await disk.cut(() => killHard(running));
      await Promise.all(writers);
    }
    server = start('../e2e/serve.ts', [join(disk.folder, 'parent', 'data'), sandbox.url]);
    const url = await server.url;
    const { body } = await call(`${url}/api/sources`, 'GET', 'Bearer token');
    expect(body.map(({ id }: Answer) => id)).toEqual(sources);
    await idle(server);
    const state = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as Answer;
    const arrived = new Set<string>(state.events.map(({ id }: Answer) => id));
    expect(arrived.size).toBe(state.events.length);
    expect(events.filter((id) => !arrived.has(id))).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
  }, 300_000);
});
