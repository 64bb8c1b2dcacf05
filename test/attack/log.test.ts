import { afterEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { good, openTarget, pause, type Target } from './attacker.ts';
import { scale } from './scale.ts';

let target: Target | undefined;
let folder: string | undefined;
const handles: number[] = [];
afterEach(async () => {
  await target?.close();
  for (const handle of handles.splice(0)) closeSync(handle);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  target = folder = undefined;
});

const place = (name: string): string => {
  folder ??= mkdtempSync(join(tmpdir(), 'waybill-log-'));
  return join(folder, name);
};
const open = (file: string, flags: string | number): number => {
  const handle = openSync(file, flags);
  handles.push(handle);
  return handle;
};

/** A server whose log goes to a file or pipe, with a destination that fails, so that both threads log. */
async function logTo(stdout: number | 'pipe'): Promise<Target> {
  target = await openTarget({
    config: { logLevel: 'debug', retry: { firstDelay: 10, maxDelay: 20 } },
    stdio: ['ignore', stdout, 'inherit'],
    destinations: [
      {
        id: 'dead',
        type: 'iterable',
        settings: { apiKey: 'k', projectType: 'userId', apiUrl: 'http://127.0.0.1:9' },
      },
    ],
  });
  return target;
}

/** Makes both threads log a lot, and checks that the server keeps running and stops on request. */
async function flood(attacked: Target): Promise<void> {
  for (let n = 0; n < scale(30, 300); n += 1) {
    const batch = [good(`m${n}`), ...Array.from({ length: 20 }, () => ({ messageId: 'x'.repeat(5_000) }))];
    expect((await attacked.post('batch', JSON.stringify({ batch }))).status).toBe(200);
    // A separate source for each, so that its refusals are logged.
    await attacked.post('track', '{}', { authorization: `Basic ${btoa(`guess-${n}:`)}` });
  }
  await pause(300);
  expect((await fetch(`${attacked.url}/healthz`)).status).toBe(200);
  expect((await attacked.admin('stats')).events).toBeGreaterThan(0);
  const ended = once(attacked.child, 'exit');
  attacked.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}

describe('a log that no one reads', () => {
  it('on a full device blocks neither the server nor its stop', async () => {
    await flood(await logTo(open('/dev/full', 'w')));
  });

  it('on a pipe without a reader blocks neither', async () => {
    execFileSync('mkfifo', [place('pipe')]);
    // Open at both ends, so that it exists and fills; filled, so that the first line finds no room.
    const pipe = open(place('pipe'), constants.O_RDWR | constants.O_NONBLOCK);
    fill(pipe);
    const stdout = open(place('pipe'), constants.O_WRONLY);
    await flood(await logTo(stdout));
  });

  it('on a socket without a reader blocks neither', async () => {
    await flood(await logTo('pipe'));
  });

  it('continues when there is room, with the number of missing lines', async () => {
    execFileSync('mkfifo', [place('pipe')]);
    const pipe = open(place('pipe'), constants.O_RDWR | constants.O_NONBLOCK);
    fill(pipe);
    const attacked = await logTo(open(place('pipe'), constants.O_WRONLY));
    for (let n = 0; n < 3; n += 1) await attacked.post('track', '{"messageId":"m"}');
    let heard = '';
    const bytes = Buffer.alloc(65_536);
    for (let n = 0; n < 100 && !heard.includes('events refused'); n += 1) {
      try {
        heard += bytes.toString('latin1', 0, readSync(pipe, bytes));
      } catch {
        await pause(50);
      }
    }
    expect(heard).toContain('events refused');
  });
});

function fill(pipe: number): void {
  try {
    for (;;) writeSync(pipe, Buffer.alloc(4_096, '\n'));
  } catch {
    // Full.
  }
}

describe('log entries of a request', () => {
  it('are limited to a few kilobytes, for any content', async () => {
    const file = place('log');
    const attacked = await logTo(open(file, 'w'));
    const before = readFileSync(file).length;
    const batch = Array.from({ length: 10 }, () => ({ type: 'x'.repeat(50), messageId: 'm'.repeat(48_000) }));
    const packed = gzipSync(JSON.stringify({ batch }));
    expect(packed.length).toBeLessThan(1_500);
    expect((await attacked.post('batch', packed, { 'content-encoding': 'gzip' })).status).toBe(400);
    await pause(200);
    expect(readFileSync(file).length - before).toBeLessThan(4_000);
  });

  it('are not repeated without limit', async () => {
    const file = place('log');
    const attacked = await logTo(open(file, 'w'));
    const before = readFileSync(file).length;
    for (let n = 0; n < scale(100, 2_000); n += 1) {
      await attacked.post('track', JSON.stringify({ messageId: `m${n}` }));
      await attacked.post('track', '{}', { authorization: 'Basic d3Jvbmc6' });
      await attacked.post('track', '{"a":');
    }
    expect(readFileSync(file).length - before).toBeLessThan(10_000);
  });
});
