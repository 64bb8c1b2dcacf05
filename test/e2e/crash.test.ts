import { describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';
import { type DayEvent, playDay, readDay } from '../day/player.ts';
import type { Answer } from './harness.ts';

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
}

async function serve(dataDir: string, sandbox: Sandbox): Promise<Served> {
  const child = fork(join(import.meta.dirname, 'serve.ts'), [dataDir, sandbox.url], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { url } = await told<{ url: string }>(child);
  return { url, child };
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** The end state, without what a crash may double: the event that Iterable itself makes of a cart update has no id. */
async function endState(sandbox: Sandbox): Promise<unknown> {
  const state = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as Answer;
  expect(state.profiles.length).toBeGreaterThan(20);
  expect(state.events.length).toBeGreaterThan(200);
  return { ...state, events: (state.events as Answer[]).filter((event) => event.eventName !== 'updateCart') };
}

async function playedWith(events: DayEvent[], kills: number): Promise<unknown> {
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-crash-'));
  const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
  let served = await serve(dataDir, sandbox);
  try {
    const part = Math.ceil(events.length / (kills + 1));
    for (let from = 0; from < events.length; from += part) {
      const to = Math.min(from + part, events.length);
      const played = await playDay({ host: served.url, writeKey: 'demo', events, from, to });
      expect(played.failed).toEqual([]);
      if (to === events.length) break;
      // At once: acknowledged events are in the log, on their way, or not settled yet.
      await kill(served.child);
      served = await serve(dataDir, sandbox);
    }
    const idle = told(served.child);
    served.child.send('idle');
    await idle;
    return await endState(sandbox);
  } finally {
    await kill(served.child);
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

describe('a server that is killed in mid-day', () => {
  it('ends the day with the same state as one that is not', async () => {
    const day = readDay();
    const whole = await playedWith(day, 0);
    expect(await playedWith(day, 3)).toEqual(whole);
  }, 120_000);
});
