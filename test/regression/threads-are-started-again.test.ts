import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';

/** Loaded into every thread of the server: throws in the one that a file names. */
const SABOTAGE = `
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isMainThread, threadName } from 'node:worker_threads';
const file = process.env.SABOTAGE;
if (!isMainThread) {
  setInterval(() => {
    if (existsSync(file) && readFileSync(file, 'utf8') === threadName) {
      rmSync(file);
      throw new Error('thrown in a timer');
    }
  }, 20).unref();
}
`;

const folder = mkdtempSync(join(tmpdir(), 'waybill-thread-'));
const switchFile = join(folder, 'throw');
let sandbox: Sandbox;
let child: ChildProcess;
let url = '';
let logs = '';

beforeAll(async () => {
  sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
  const preload = join(folder, 'sabotage.mjs');
  writeFileSync(preload, SABOTAGE);
  child = fork(join(import.meta.dirname, '../e2e/serve.ts'), [join(folder, 'data'), sandbox.url], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: `--import=${preload}`, SABOTAGE: switchFile },
    silent: true,
  });
  child.stdout!.on('data', (part: Buffer) => (logs += part.toString()));
  [{ url }] = (await once(child, 'message')) as [{ url: string }];
});
afterAll(async () => {
  child.kill('SIGKILL');
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Has a thread throw. */
function spoil(thread: string): void {
  writeFileSync(`${switchFile}.new`, thread);
  renameSync(`${switchFile}.new`, switchFile);
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await what());) {
    if (Date.now() > end) throw new Error(`It never comes to that: ${logs}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function send(event: string, ...messageIds: readonly string[]): Promise<Response> {
  const batch = messageIds.map((messageId) => ({ type: 'track', messageId, userId: 'u', event }));
  return fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
}

async function admin<T>(path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}/api/${path}`, {
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** How often a thread was restarted, by /metrics. */
async function restarts(thread: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(
    new RegExp(`^waybill_thread_restarts_total\\{thread="${thread}"\\} (\\d+)$`, 'm').exec(text)?.[1],
  );
}

async function idle(): Promise<void> {
  const answered = once(child, 'message');
  child.send('idle');
  await answered;
}

describe('a delivery thread that ends', () => {
  it('is restarted; /readyz reports it meanwhile, and every event arrives', async () => {
    const ready = async (wanted: boolean): Promise<boolean> => (await fetch(`${url}/readyz`)).ok === wanted;
    await until(() => ready(true));
    expect(await restarts('delivery')).toBe(0);
    expect((await send('Seen', 'before')).status).toBe(200);
    for (const round of [1, 2]) {
      spoil('delivery');
      await until(() => ready(false));
      expect((await send('Seen', `while it is down ${round}`)).status).toBe(200);
      await until(() => ready(true));
    }
    expect((await send('Seen', 'after')).status).toBe(200);
    await idle();
    for (const id of ['before', 'while it is down 1', 'while it is down 2', 'after']) {
      const story = await admin<{ steps: { status: string }[] }>(`events/${encodeURIComponent(id)}`);
      expect(story.steps.map(({ status }) => status)).toEqual(['delivered']);
    }
    expect(await restarts('delivery')).toBe(2);
    expect(logs).toContain('the delivery thread ended and is restarted');
    expect(logs).toContain('thrown in a timer');
  });
});

describe('a processors thread that ends', () => {
  it('is restarted; events are accepted meanwhile, and each is processed once', async () => {
    const ended = (): number => logs.split('the processors thread ended and is restarted').length - 1;
    const messageIds = (round: number): readonly string[] =>
      Array.from({ length: 500 }, (_, at) => `${round}-${at}`);
    await admin('processors', { id: 'count', type: 'dummy', settings: { quiet: 3_600_000 } });
    for (const round of [1, 2]) {
      expect((await send('Dummy Happened', ...messageIds(round))).status).toBe(200);
      spoil('processors');
      await until(() => ended() === round);
      expect((await send('Dummy Happened', `${round}-late`)).status).toBe(200);
    }
    await idle();
    expect(await restarts('processors')).toBe(2);
    const { state, timers } = await admin<{ state: object; timers: object[] }>(
      'processors/count/user?userId=u',
    );
    expect(state).toEqual({ count: 1_002 });
    expect(timers).toHaveLength(1);
    // Both were events after the one before them.
    const { reached, waiting } = await admin<{ reached: number; waiting: number }>('processors/count/status');
    expect(reached).toBeGreaterThanOrEqual(1_002);
    expect(waiting).toBe(0);
  });
});
