import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine, type Finding, type Machine } from '../../src/doctor/index.ts';
import { openDataFolder } from '../../src/index.ts';
import { startServer } from '../../src/server.ts';

const WELL: Machine = { node: '24.21.0', memory: 4_000, freeDisk: () => 50_000 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

interface Given {
  readonly machine?: Partial<Machine>;
  readonly dataDir?: string;
  readonly store?: string;
  readonly host?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

async function findings(given: Given = {}): Promise<readonly Finding[]> {
  const { env = {} } = given;
  const { findings: found } = await examine({
    dataDir: given.dataDir ?? folder,
    store: given.store,
    host: given.host ?? '127.0.0.1',
    port: given.port ?? 0,
    env: (name) => env[name],
    machine: { ...WELL, ...given.machine },
    ask: async (url) => fetch(url).then(async (answer) => answer.text()),
  });
  return found;
}

/** All problems and warnings. */
async function complaints(given?: Given): Promise<readonly Finding[]> {
  return (await findings(given)).filter(({ status }) => status === 'warning' || status === 'problem');
}

const finding = (check: string, status: Finding['status'], message: string): unknown =>
  expect.objectContaining({
    check,
    status,
    message: expect.stringContaining(message),
    remedy: expect.stringMatching(/\w{4}/),
  });

/** Leaves the files of a server with a workspace. */
async function serverWasHere(): Promise<void> {
  const workspace = { sources: [{ id: 'shop', writeKey: 'key' }], destinations: [] };
  const server = await startServer(
    { dataDir: folder, port: 0, logLevel: 'silent' },
    JSON.stringify(workspace),
  );
  await server.stop();
}

async function listening(body: string): Promise<Server> {
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  return server;
}

describe('the doctor', () => {
  it('finds nothing when everything is in order: before the first start, and after it', async () => {
    expect(await complaints({ dataDir: join(folder, 'new') })).toEqual([]);
    await serverWasHere();
    expect(await complaints()).toEqual([]);
    const key = (await findings()).find(({ check }) => check === 'secret-key');
    expect(key?.message).toContain('decrypts the stored secrets');
  });

  it.each([
    [{ node: '22.9.0' }, 'node', 'problem', 'too old'],
    [{ memory: 128 }, 'memory', 'problem', '128 MB is too little'],
    [{ memory: 300 }, 'memory', 'warning', '300 MB is enough for a light load'],
    [{ freeDisk: (): number => 100 }, 'disk', 'problem', 'below 512 MB'],
    [{ freeDisk: (): number => 900 }, 'disk', 'warning', 'at 512 MB'],
  ] as const)('reports a machine with %j', async (machine, check, status, message) => {
    expect(await complaints({ machine })).toEqual([finding(check, status, message)]);
  });

  it('checks the disk against WAYBILL_FREE_DISK_MB', async () => {
    const machine = { freeDisk: () => 900 };
    expect(await complaints({ machine, env: { WAYBILL_FREE_DISK_MB: '100' } })).toEqual([]);
    expect(await complaints({ machine, env: { WAYBILL_FREE_DISK_MB: '1000' } })).toEqual([
      finding('disk', 'problem', 'below 1000 MB'),
    ]);
  });

  it('reports a data folder that is a file, or whose secrets others can read', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await complaints({ dataDir: join(folder, 'file') })).toEqual([
      finding('data', 'problem', 'is a file'),
    ]);
    expect(await complaints({ dataDir: join(folder, 'file/below') })).toEqual([
      finding('data', 'problem', 'is a file'),
    ]);
    writeFileSync(join(folder, 'admin-token'), 'token');
    chmodSync(join(folder, 'admin-token'), 0o644);
    expect(await complaints()).toEqual([finding('data', 'warning', 'can be read by other users')]);
  });

  it('reports a database of a newer version, and an invalid one', async () => {
    await serverWasHere();
    const database = new DatabaseSync(join(folder, 'state.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await complaints()).toEqual([finding('databases', 'problem', 'state was written by a newer')]);
    writeFileSync(join(folder, 'log.db'), 'no database at all, and long enough to be read as one'.repeat(20));
    expect(await complaints()).toEqual([finding('databases', 'problem', 'log.db cannot be read')]);
  });

  it('reports a missing key, and a wrong one', async () => {
    await serverWasHere();
    rmSync(join(folder, 'secret-key'));
    expect(await complaints()).toEqual([finding('secret-key', 'problem', 'secret-key is missing')]);
    const env = { WAYBILL_SECRET_KEY: 'another' };
    expect(await complaints({ env })).toEqual([finding('secret-key', 'problem', 'with a key other than')]);
  });

  it('reports a port in use by another program, or by another Waybill, and an invalid address', async () => {
    for (const [body, message] of [
      ['hello', 'Another program'],
      ['{"status":"ok"}', 'Another Waybill'],
    ] as const) {
      const other = await listening(body);
      const { port } = other.address() as AddressInfo;
      expect(await complaints({ port })).toEqual([finding('port', 'problem', message)]);
      other.close();
    }
    expect(await complaints({ host: '192.0.2.1' })).toEqual([finding('port', 'problem', 'EADDRNOTAVAIL')]);
  });

  it('reports a folder in use by another process that does not answer', async () => {
    const taken = openDataFolder(folder);
    const data = (await findings()).find(({ check }) => check === 'data');
    expect(data).toMatchObject({ status: 'ok', message: expect.stringContaining(`process ${process.pid}`) });
    taken.release();
  });

  it('reports an unreachable PostgreSQL, without its password', async () => {
    const [found, ...more] = await complaints({ store: 'postgres://ada:secret@127.0.0.1:1/waybill' });
    expect(found).toEqual(finding('postgresql', 'problem', '127.0.0.1:1/waybill accepts no connection'));
    expect([more, JSON.stringify(found)]).toEqual([[], expect.not.stringContaining('secret')]);
  });
});
