import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WORKSPACE = {
  sources: [{ id: 'shop', writeKey: 'demo' }],
  processors: [{ id: 'count', type: 'dummy', settings: { quiet: 3_600_000 } }],
  destinations: [],
};

const folder = mkdtempSync(join(tmpdir(), 'waybill-garbage-'));
let child: ChildProcess;
let url = '';
let output = '';

beforeAll(async () => {
  child = fork(
    join(import.meta.dirname, 'serve.ts'),
    [folder, 'http://127.0.0.1:1', JSON.stringify(WORKSPACE)],
    {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning', '--trace-gc'],
      silent: true,
    },
  );
  child.stdout!.on('data', (part: Buffer) => (output += part.toString()));
  [{ url }] = (await once(child, 'message')) as [{ url: string }];
});
afterAll(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function send(from: number, count: number): Promise<void> {
  const batch = Array.from({ length: count }, (_, at) => ({
    type: 'track',
    messageId: `${from + at}`,
    userId: `u${at % 50}`,
    event: 'Dummy Happened',
  }));
  const answer = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
}

async function idle(): Promise<void> {
  const answered = once(child, 'message');
  child.send('idle');
  await answered;
}

/** The heaps in which a collection was requested, one for each time: V8 calls that a test. */
const collected = (): readonly string[] =>
  [...output.matchAll(/^\[\d+:(0x[0-9a-f]+)\].* Scavenge .* testing;/gm)].map(([, heap]) => heap!);

describe('the processors thread', () => {
  it('collects its garbage between the rounds of a backlog, not after single events', async () => {
    await send(0, 1);
    await idle();
    expect(collected()).toEqual([]);
    await Promise.all(Array.from({ length: 10 }, (_, at) => send(1 + 500 * at, 500)));
    await idle();
    expect(collected().length).toBeGreaterThanOrEqual(3);
    // Other threads do not.
    expect(new Set(collected()).size).toBe(1);
  });
});
