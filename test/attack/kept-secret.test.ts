import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@waybill/server';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';

/*
 * Users of the admin API may use the stored secrets but must not be able to read them: neither by pointing a destination at their own
 * host, nor by naming environment variables of the server.
 */

const KEY = 'itbl-key-4711-very-secret';
const ENVIRONMENT: Readonly<Record<string, string>> = {
  FROM_FILE: KEY,
  CLOUD_CREDENTIAL: 'cloud-0815',
  SHOP_KEY: KEY,
  WAYBILL_ENV_ALLOW: 'SHOP_*, OTHER',
  WAYBILL_ADMIN_TOKEN: 'own-token',
  WAYBILL_SECRET_KEY: 'own-key',
};

let harness: Harness;
let thief: Server;
let theirs = '';
const stolen: string[] = [];

beforeAll(async () => {
  thief = createServer((request, response) => {
    stolen.push(JSON.stringify(request.headers));
    response.end('{}');
  });
  await new Promise<void>((ready) => thief.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(thief.address() as AddressInfo).port}`;
  theirs = `http://${host}`;
  harness = await openHarness({
    sandbox: { apiKeys: [KEY] },
    server: { env: (name) => ENVIRONMENT[name], destinations: ['segment:actions-slack'] },
    workspace: (url) => ({
      sources: [{ id: 'shop', writeKey: 'demo' }],
      destinations: [
        { id: 'kept', type: 'iterable', settings: { apiKey: KEY, apiUrl: url } },
        { id: 'named', type: 'iterable', settings: { apiKey: { $env: 'FROM_FILE' }, apiUrl: url } },
      ],
    }),
  });
});
afterAll(async () => {
  await harness.close();
  thief.close();
});

const put = (id: string, settings: object, rest: object = {}): Promise<{ status: number; body: Answer }> =>
  harness.admin(`destinations/${id}`, { method: 'PUT', body: { type: 'iterable', settings, ...rest } });
const code = async (answer: Promise<{ status: number; body: Answer }>): Promise<unknown[]> => {
  const { status, body } = await answer;
  return [status, body.error?.code];
};
const NEEDED = [409, 'workspace_secret_needed'];
const FORBIDDEN = [403, 'workspace_variable_forbidden'];
const secret = { $secret: true };

describe('a stored secret', () => {
  it('is not sent to another address, however the address is changed', async () => {
    const url = harness.sandbox.url;
    for (const id of ['kept', 'named']) {
      expect(await code(put(id, { apiKey: secret, apiUrl: theirs }))).toEqual(NEEDED);
      expect(await code(put(id, { apiKey: secret }))).toEqual(NEEDED);
      expect(await code(put(id, { apiKey: secret, apiUrl: { $env: 'SHOP_KEY' } }))).toEqual(NEEDED);
      expect(
        await code(put(id, { oauth_access_token: secret, apiUrl: url }, { type: 'actions-slack' })),
      ).toEqual(NEEDED);
      const patch = { settings: { apiKey: secret, apiUrl: theirs } };
      expect(await code(harness.admin(`destinations/${id}`, { method: 'PATCH', body: patch }))).toEqual(
        NEEDED,
      );
      const { body: whole } = await harness.admin('workspace');
      for (const one of whole.destinations) if (one.id === id) one.settings.apiUrl = theirs;
      expect(await code(harness.admin('workspace', { method: 'PUT', body: whole }))).toEqual(NEEDED);
      const copy = { id: 'copy', type: 'iterable', settings: { apiKey: secret, apiUrl: theirs } };
      expect(await code(harness.admin('destinations', { method: 'POST', body: copy }))).toEqual(NEEDED);
      const given = { settings: { apiKey: KEY, apiUrl: theirs } };
      expect(await code(harness.admin(`destinations/${id}/test`, { method: 'POST', body: given }))).toEqual([
        400,
        'request_invalid',
      ]);
    }
    expect(stolen).toEqual([]);
    expect(
      (await harness.admin('workspace')).body.destinations.map((one: Answer) => one.settings.apiUrl),
    ).toEqual([url, url]);
  });

  it('is kept when no address can change', async () => {
    const url = harness.sandbox.url;
    for (const id of ['kept', 'named']) {
      const settings = { apiKey: secret, apiUrl: url, dataCenterLocation: 'europe', preferUserId: true };
      expect((await put(id, settings, { name: 'Renamed' })).status).toBe(200);
      expect(
        (await harness.admin(`destinations/${id}/test`, { method: 'POST', body: {} })).body,
      ).toMatchObject({ ok: true });
      const { body: whole } = await harness.admin('workspace');
      expect((await harness.admin('workspace', { method: 'PUT', body: whole })).status).toBe(200);
    }
    expect((await put('kept', { apiKey: 'new-key-of-theirs', apiUrl: url })).status).toBe(200);
    expect((await put('kept', { apiKey: KEY, apiUrl: url })).status).toBe(200);
  });
});

describe('a variable of the environment', () => {
  it('can be named over the admin API only when it is allowed, or was named before', async () => {
    const url = harness.sandbox.url;
    for (const name of [
      'CLOUD_CREDENTIAL',
      'FROM_FILE',
      'WAYBILL_ADMIN_TOKEN',
      'WAYBILL_SECRET_KEY',
      'PATH',
      'SHOP',
      'other',
      '__proto__',
    ]) {
      expect(await code(put('kept', { apiKey: { $env: name }, apiUrl: url }))).toEqual(FORBIDDEN);
      const source = { id: 'x', writeKey: { $env: name } };
      expect(await code(harness.admin('sources', { method: 'POST', body: source }))).toEqual(FORBIDDEN);
    }
    expect(await code(put('named', { apiKey: { $env: 'FROM_FILE' }, apiUrl: theirs }))).toEqual(FORBIDDEN);
    expect((await put('named', { apiKey: { $env: 'FROM_FILE' }, apiUrl: url })).status).toBe(200);
    expect((await put('kept', { apiKey: { $env: 'SHOP_KEY' }, apiUrl: url })).status).toBe(200);
    expect(stolen).toEqual([]);
  });

  it('is never one of the server itself, not even in the file', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'waybill-own-'));
    try {
      const file = JSON.stringify({
        sources: [{ id: 's', writeKey: { $env: 'WAYBILL_SECRET_KEY' } }],
        destinations: [],
      });
      const started = startServer(
        { dataDir, port: 0, logLevel: 'silent', env: (name) => ENVIRONMENT[name] },
        file,
      );
      await expect(started).rejects.toMatchObject({ code: 'workspace_variable_forbidden' });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
