import { afterAll, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '@waybill/iterable-sandbox';

const folder = mkdtempSync(join(tmpdir(), 'waybill-thread-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Loaded into every thread of the server: throws in the delivery thread whenever a file says so. */
const SABOTAGE = `
import { existsSync, rmSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';
if (!isMainThread && workerData?.store !== undefined) {
  setInterval(() => {
    if (existsSync(process.env.SABOTAGE)) {
      rmSync(process.env.SABOTAGE);
      throw new Error('thrown in a timer');
    }
  }, 20).unref();
}
`;

describe('a delivery thread that ends', () => {
  it('is started again; /readyz says so meanwhile, and every event arrives', async () => {
    const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    const switchFile = join(folder, 'throw');
    const preload = join(folder, 'sabotage.mjs');
    writeFileSync(preload, SABOTAGE);
    const child = fork(join(import.meta.dirname, '../e2e/serve.ts'), [join(folder, 'data'), sandbox.url], {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      env: { ...process.env, NODE_OPTIONS: `--import=${preload}`, SABOTAGE: switchFile },
      silent: true,
    });
    children.push(child);
    let logs = '';
    child.stdout!.on('data', (part: Buffer) => (logs += part.toString()));
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const track = (messageId: string): Promise<Response> =>
      fetch(`${url}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ messageId, userId: 'u', event: 'Seen' }),
      });
    const ready = async (): Promise<boolean> => (await fetch(`${url}/readyz`)).ok;
    const until = async (wanted: boolean): Promise<void> => {
      for (const end = Date.now() + 30_000; (await ready()) !== wanted;) {
        if (Date.now() > end) throw new Error(`/readyz is never ${wanted}: ${logs}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await until(true);
    expect((await track('before')).status).toBe(200);
    for (const round of [1, 2]) {
      writeFileSync(switchFile, '');
      await until(false);
      expect((await track(`while it is down ${round}`)).status).toBe(200);
      await until(true);
    }
    expect((await track('after')).status).toBe(200);
    const idle = once(child, 'message');
    child.send('idle');
    await idle;
    for (const id of ['before', 'while it is down 1', 'while it is down 2', 'after']) {
      const story = (await (
        await fetch(`${url}/api/events/${encodeURIComponent(id)}`, {
          headers: { authorization: 'Bearer token' },
        })
      ).json()) as { steps: { status: string }[] };
      expect(story.steps.map(({ status }) => status)).toEqual(['delivered']);
    }
    expect(logs).toContain('the delivery thread ended and is restarted');
    expect(logs).toContain('thrown in a timer');
    await sandbox.close();
  });
});
