import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Harness, openHarness } from './harness.ts';

const segment = import.meta.resolve('@waybill/segment');

/** A definition in the shape of Segment's framework, in a module of its own: what it does goes through a process and back. */
const MODULE = `
import { adaptDefinition } from ${JSON.stringify(segment)};
export const crm = adaptDefinition({
  name: 'CRM', slug: 'crm', mode: 'cloud', description: 'Keeps people.',
  authentication: {
    scheme: 'oauth2',
    fields: { url: { type: 'string', label: 'Address', description: 'Where it is.', required: true } },
    refreshAccessToken: async (request, { settings, auth }) => {
      const { data } = await request(settings.url + '/token', { method: 'post', json: { refresh: auth.refreshToken } });
      return { accessToken: data.token };
    },
  },
  extendRequest: ({ auth }) => ({ headers: { authorization: 'Bearer ' + auth.accessToken } }),
  onDelete: (request, { payload, settings }) => request(settings.url + '/people', { method: 'delete', json: payload }),
  actions: {
    add: {
      title: 'Add', description: 'Adds a person.',
      defaultSubscription: 'type = "identify"',
      fields: { id: { type: 'string', label: 'ID', description: 'Who.', required: true, default: { '@path': '$.userId' } } },
      perform: (request, { payload, settings }) => request(settings.url + '/people', { method: 'post', json: payload }),
    },
  },
});
`;

interface Call {
  readonly call: string;
  readonly body: unknown;
}

describe('a definition written for Segment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-published-'));
  const calls: Call[] = [];
  let token = 'old';
  let http: HttpServer;
  let harness: Harness;
  beforeAll(async () => {
    http = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        if (request.url === '/token') {
          response.end(JSON.stringify({ token }));
          return;
        }
        if (request.headers.authorization !== `Bearer ${token}`) {
          response.writeHead(401).end('{}');
          return;
        }
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        calls.push({ call: `${request.method} ${request.url}`, body });
        response.end('{}');
      });
    });
    await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
    const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    const module = join(folder, 'crm.mjs');
    writeFileSync(module, MODULE);
    harness = await openHarness({
      server: { destinations: [module], allowedHosts: [host] },
      workspace: () => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          {
            id: 'crm',
            type: 'crm',
            settings: { url: `http://${host}`, oauth_access_token: 'old', oauth_refresh_token: 'r' },
            mappings: [
              {
                id: 'add',
                action: 'add',
                trigger: 'type = "identify"',
                mapping: { id: { '@path': '$.userId' } },
              },
            ],
          },
        ],
      }),
    });
  });
  afterAll(async () => {
    await harness.close();
    http.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const post = (path: string, body: object) => harness.admin(path, { method: 'POST', body });

  it('deletes who is named by an ID, with a token that was renewed for it, and says when it cannot', async () => {
    token = 'new';
    const who = { userId: 'ada', anonymousId: 'browser-1' };
    const { body } = await post('deletions', who);
    expect(body).toEqual([{ destination: 'crm', outcome: { status: 'delivered' } }]);
    expect(calls.splice(0)).toEqual([{ call: 'DELETE /people', body: who }]);
    const unnamed = await post('deletions', { email: 'ada@example.com' });
    expect(unnamed.body).toMatchObject([
      { outcome: { status: 'rejected', code: 'deletion_identifier_missing' } },
    ]);
    const [definition] = ((await harness.admin('definitions')).body as { slug: string }[]).filter(
      ({ slug }) => slug === 'crm',
    );
    expect(definition).toMatchObject({ deletesUsers: true });
  });
});
