import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';
import { scale } from './scale.ts';

/*
 * What instances of destinations have learned, over kill -9 and edits: an OAuth server that takes each refresh token once, and
 * an Iterable that fixed the type of an event's field.
 */

let folder: string;
let child: ChildProcess | undefined;
let sandbox: Sandbox;
let server: Server;
let address: string;
let url: string;
/** The token that is good now, and how many were given. */
let good = '';
let given = 0;
let refused = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-kept-'));
  sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
  [good, given, refused] = ['', 0, 0];
  let refresh = 'refresh-0-of-the-settings';
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      const answer = (status: number, body: object): void =>
        void response.writeHead(status).end(JSON.stringify(body));
      if (request.url !== '/token') {
        const known = request.headers.authorization === `Bearer ${good}`;
        return answer(known ? 200 : 401, {});
      }
      const { refresh_token: used } = JSON.parse(text) as { refresh_token: string };
      if (used !== refresh && used !== 'refresh-of-another-account') {
        refused += 1;
        return answer(400, { error: 'invalid_grant' });
      }
      given += 1;
      good = `access-token-${given}-renewed`;
      refresh = `refresh-token-${given}-renewed`;
      answer(200, { access_token: good, refresh_token: refresh });
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  server.closeAllConnections();
  server.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const workspace = (): object => ({
  sources: [{ id: 'shop', writeKey: 'demo' }],
  destinations: [
    {
      id: 'signed-in',
      type: 'signed-in',
      settings: {
        address,
        oauth_access_token: 'access-token-of-the-settings',
        oauth_refresh_token: 'refresh-0-of-the-settings',
        oauth_client_secret: 'client-secret',
      },
      mappings: [
        { id: 'all', action: 'send', trigger: 'type = "track"', mapping: { name: { '@path': '$.event' } } },
      ],
    },
    {
      id: 'iterable',
      type: 'iterable',
      settings: { apiKey: 'demo', apiUrl: sandbox.url, fieldTypes: 'convert' },
      mappings: [{ id: 'all', preset: 'track-calls' }],
    },
  ],
});

async function start(): Promise<void> {
  const host = (one: string): string => new URL(one).host;
  child = fork(
    join(import.meta.dirname, '../e2e/serve.ts'),
    [folder, sandbox.url, JSON.stringify(workspace()), join(import.meta.dirname, 'tokens.ts')],
    {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      env: { ...process.env, WAYBILL_ALLOWED_HOSTS: `${host(sandbox.url)},${host(address)}` },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const [message] = (await once(child, 'message')) as [{ url: string }];
  ({ url } = message);
}

async function kill(): Promise<void> {
  const ended = once(child!, 'exit');
  child!.kill('SIGKILL');
  await ended;
}

let sent = 0;
/** Sends an event and returns its outcome at each destination. */
async function send(
  properties: object = {},
): Promise<Record<string, { status: string; exchanges: object[] }>> {
  const messageId = `m-${(sent += 1)}`;
  const event = { type: 'track', event: 'Seen', userId: `u-${sent}`, messageId, properties };
  await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  const idle = once(child!, 'message');
  child!.send('idle');
  await idle;
  const { steps } = await api(`events/${messageId}`);
  const all = steps as { destination: string; status: string; exchanges: object[] }[];
  return Object.fromEntries(all.map((step) => [step.destination, step]));
}

async function api(path: string, method = 'GET', body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/api/${path}`, {
    method,
    headers: { authorization: 'Bearer token', 'content-type': 'application/json', 'if-match': '*' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

describe('the state of an instance', () => {
  it('survives kill -9 and edits, encrypted, and ends with the credentials', async () => {
    await start();
    expect((await send({ price: 4.5 }))['signed-in']).toMatchObject({ status: 'delivered' });
    expect([given, refused]).toEqual([1, 0]);
    for (let round = 0; round < scale(2, 20); round += 1) {
      await kill();
      await start();
      // The field is a number: a string is converted before the call, so no call is refused.
      const steps = await send({ price: '9.5' });
      expect(steps['signed-in']).toMatchObject({ status: 'delivered' });
      expect(steps['iterable']).toMatchObject({ status: 'delivered' });
      expect(steps['iterable']!.exchanges).toHaveLength(1);
    }
    expect([given, refused]).toEqual([1, 0]);

    await api('destinations/iterable', 'PATCH', { name: 'Another name' });
    await api('destinations/signed-in', 'PATCH', { name: 'Another name' });
    expect((await send())['signed-in']).toMatchObject({ status: 'delivered' });
    expect([given, refused]).toEqual([1, 0]);

    const files = readdirSync(folder).filter((name) => name.startsWith('state.db'));
    const bytes = files.map((name) => readFileSync(join(folder, name), 'latin1')).join('');
    for (const secret of [good, 'refresh-token-1-renewed']) expect(bytes).not.toContain(secret);
    const story = JSON.stringify(await api('events/m-1'));
    for (const secret of [good, 'refresh-token-1-renewed']) expect(story).not.toContain(secret);

    const settings = (await api('destinations/signed-in'))['settings'] as object;
    await api('destinations/signed-in', 'PATCH', {
      settings: { ...settings, oauth_refresh_token: 'refresh-of-another-account' },
    });
    good = 'revoked';
    expect((await send())['signed-in']).toMatchObject({ status: 'delivered' });
    expect([given, refused]).toEqual([2, 0]);
  }, 180_000);
});
