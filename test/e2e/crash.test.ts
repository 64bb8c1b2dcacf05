import { describe, expect, it } from 'vitest';
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

/** The end state, without what a crash may duplicate: the event that Iterable creates from a cart update has no ID. */
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
      // At this time acknowledged events are in the log, in flight, or not settled yet.
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

describe('a server that is killed in the middle of the day', () => {
  it('ends the day with the same state as an uninterrupted one', async () => {
    const day = readDay();
    const whole = await playedWith(day, 0);
    expect(await playedWith(day, 3)).toEqual(whole);
  }, 120_000);
});

describe('a server that is killed between a corrected replay and its delivery', () => {
  it('delivers the corrected copy after the next start', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'waybill-crash-'));
    const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    let served = await serve(dataDir, sandbox);
    const ask = async (url: string, method = 'GET', body?: unknown): Promise<Answer> => {
      const headers = {
        authorization: url.includes('/v1/') ? `Basic ${btoa('demo:')}` : 'Bearer token',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const answer = await fetch(url, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      });
      expect(answer.status).toBeLessThan(300);
      return answer.json();
    };
    const idle = async (): Promise<void> => {
      const is = told(served.child);
      served.child.send('idle');
      await is;
    };
    const sandboxDo = (what: string, body: unknown): Promise<Answer> =>
      ask(`${sandbox.url}/_sandbox/${what}`, 'POST', body);
    try {
      await sandboxDo('settings', { disallowedEventNames: ['Poison'] });
      const wrong = { type: 'track', messageId: 'wrong', userId: 'ada', event: 'Poison' };
      await ask(`${served.url}/v1/track`, 'POST', wrong);
      await idle();
      const [letter] = await ask(`${served.url}/api/dead-letters`);
      const { event } = await ask(`${served.url}/api/dead-letters/${letter.id}`);
      await sandboxDo('faults', [{ match: {}, kind: 'status', status: 500 }]);
      const mended = { ...event, event: 'Mended' };
      const put = await ask(`${served.url}/api/dead-letters/${letter.id}/replay`, 'POST', { event: mended });
      expect(put.requeued).toBe(1);
      await kill(served.child);
      await sandboxDo('faults', []);
      served = await serve(dataDir, sandbox);
      await idle();
      const { steps } = await ask(`${served.url}/api/events/wrong`);
      expect(steps).toMatchObject([{ status: 'delivered', correction: { event: { event: 'Mended' } } }]);
      const { events } = await ask(`${sandbox.url}/_sandbox/state`);
      expect(events).toMatchObject([{ eventName: 'Mended' }]);
    } finally {
      await kill(served.child);
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});
