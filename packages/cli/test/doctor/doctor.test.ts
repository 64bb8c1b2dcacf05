import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '@waybill/server/doctor';
import { type Server, startServer } from '@waybill/server';
import { run } from '../output/run.ts';

/** A service that always answers, with an adjustable clock. */
let service: HttpServer;
let ahead = 0;
let status = 200;
let folder: string;
let server: Server;
const at = (): string[] => ['--port', new URL(server.url).port, '--data', folder];

beforeAll(async () => {
  service = createServer((_request, response) => {
    response.sendDate = false;
    response.writeHead(status, { date: new Date(Date.now() + ahead).toUTCString() }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => service.once('listening', ready));
  const { port } = service.address() as AddressInfo;
  folder = mkdtempSync(join(tmpdir(), 'waybill-doctor-'));
  const settings = {
    url: `http://127.0.0.1:${port}/hook`,
    secret: `whsec_${btoa('a secret of 24 bytes or more')}`,
  };
  const workspace = {
    sources: [],
    destinations: [
      { id: 'hook', type: 'webhook', settings },
      { id: 'off', type: 'dummy', settings: { mode: 'unauthorized' }, enabled: false },
    ],
  };
  const allowedHosts = [`127.0.0.1:${port}`];
  const config = { dataDir: folder, port: 0, logLevel: 'silent', allowedHosts } as const;
  server = await startServer(config, JSON.stringify(workspace));
}, 60_000);
afterAll(async () => {
  await server.stop();
  service.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function examined(): Promise<{ readonly code: number; readonly found: readonly Finding[] }> {
  const { code, json } = await run('doctor', '--json', ...at());
  return { code, found: json<readonly Finding[]>() };
}

describe('`waybill doctor` with a server', () => {
  it('reports success, and tests each destination with a real call', async () => {
    const { code, found } = await examined();
    expect(code).toBe(0);
    expect(found.map(({ check, status: is }) => `${check} ${is}`)).toEqual([
      ...['node', 'memory', 'disk', 'data', 'databases', 'secret-key', 'port', 'server'].map(
        (one) => `${one} ok`,
      ),
      'destination hook ok',
      'destination off skipped',
      'clock ok',
    ]);
  });

  it.each([
    [20_000, 'warning', 0, '20 s behind'],
    [-400_000, 'problem', 1, '400 s ahead of'],
  ] as const)('finds a clock that is %i ms away', async (offset, is, exit, message) => {
    ahead = offset;
    const { code, found } = await examined();
    ahead = 0;
    expect(code).toBe(exit);
    const clock = found.find(({ check }) => check === 'clock');
    // A `Date` has whole seconds, so either is possible.
    const near = message.replace(/\d+/, (text) => `(${text}|${Number(text) - 1}|${Number(text) + 1})`);
    expect(clock).toMatchObject({ status: is, remedy: expect.stringContaining('timedatectl') });
    expect(clock?.message).toMatch(new RegExp(near));
  });

  it('finds a destination that refuses the credentials, with a remedy', async () => {
    status = 401;
    const { code, found } = await examined();
    status = 200;
    expect(code).toBe(1);
    expect(found.find(({ check }) => check === 'destination hook')).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('destination_unauthorized'),
      remedy: expect.stringMatching(/\w{4}/),
    });
  });

  it('reports its own invalid flags', async () => {
    expect(await run('doctor', '--port', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--port'),
    });
  });

  it('fits 80 columns of a terminal, in colour, and ends with the totals', async () => {
    const bin = resolve(import.meta.dirname, '../../bin/waybill.js');
    const command = `stty cols 80; '${process.execPath}' '${bin}' doctor ${at().join(' ')}`;
    const out = await new Promise<string>((done) => {
      const env = { PATH: process.env['PATH'], TERM: 'xterm' };
      execFile(
        'script',
        ['--quiet', '--return', '--command', command, '/dev/null'],
        { env, timeout: 25_000 },
        (_, text) => done(text),
      );
    });
    expect(out).toContain('\u001b[32mok\u001b[39m');
    const lines = stripVTControlCharacters(out).split('\r\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-2)).toBe('No problems, no warnings.');
  });
});

it('`waybill doctor` without a server explains how to check more', async () => {
  const { code, out } = await run('doctor', '--port', '0', '--data', join(folder, 'new'));
  expect(code).toBe(0);
  expect(out).toMatch(/skipped +destinations +The server is not running\.\n +Start it/);
});
