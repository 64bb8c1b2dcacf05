import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createTestEvent } from '@waybill/testing';
import { type PageServer, servePage } from '../../src/serve/server.ts';

/** A destination in a file inside the repository, so that it finds its packages. */
const source = (title: string): string => `
import { defineAction, defineDestination, delivered } from '@waybill/core';
export const made = defineDestination({
  slug: 'made', name: 'Made', description: 'For a test.',
  settings: { key: { type: 'password', label: 'Key', description: 'A key.', required: true } },
  actions: { send: defineAction({
    title: '${title}', description: 'Sends.', defaultTrigger: 'type = "track"',
    fields: { name: { type: 'string', label: 'Name', description: 'A name.', required: true, default: { '@path': '$.event' } } },
    async send(items, { request, settings }) {
      await request({ url: 'https://made.example/' + items[0].payload.name, headers: { 'api-key': settings.key } });
      return items.map(() => delivered());
    },
  }) },
});`;

let folder: string;
let server: PageServer;

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(new URL(path, server.url), {
    method,
    headers: { 'x-waybill-token': server.token, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as never };
}

/** A request with a custom Host header, which fetch does not allow. */
function raw(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(import.meta.dirname, 'made-'));
  writeFileSync(join(folder, 'index.ts'), source('First'));
  server = await servePage(
    { module: join(folder, 'index.ts'), watch: folder, settings: { key: 'from-the-file' } },
    0,
  );
}, 30_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('the local page', () => {
  it('is a single page without external resources', async () => {
    const answer = await fetch(server.url);
    const text = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain(server.token);
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).not.toContain('{{');
    for (const [, path] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await fetch(new URL(path!, server.url));
      expect([path, file.status]).toEqual([path, 200]);
    }
    expect((await call('GET', '/console/assets/gone.js')).status).toBe(404);
  });

  it('describes the destination, without the settings of the file', async () => {
    const { body } = await call('GET', '/api/destination');
    expect(body).toMatchObject({
      kind: 'loaded',
      shown: {
        name: 'Made',
        given: ['key'],
        actions: [{ key: 'send', title: 'First', trigger: 'type = "track"' }],
      },
    });
    expect(JSON.stringify(body)).not.toContain('from-the-file');
  });

  it('tests an action: trigger, payload, requests; and reports problems', async () => {
    const event = createTestEvent('Product Viewed');
    const input = {
      action: 'send',
      trigger: 'type = "track"',
      mapping: { name: { '@path': '$.event' } },
      event,
      settings: {},
      send: false,
    };
    const { body } = await call('POST', '/api/try', input);
    expect(body).toMatchObject({
      problems: [],
      matched: true,
      payload: { name: 'Product Viewed' },
      requests: [{ url: 'https://made.example/Product%20Viewed', headers: { 'api-key': '[secret]' } }],
    });
    expect(JSON.stringify(body)).not.toContain('from-the-file');
    expect((await call('POST', '/api/try', { ...input, trigger: 'type = "page"' })).body).toMatchObject({
      matched: false,
      requests: [],
    });
    expect((await call('POST', '/api/try', { ...input, mapping: {} })).body).toMatchObject({
      issues: [{ path: 'name' }],
      outcome: { status: 'rejected' },
    });
    expect((await call('POST', '/api/try', { ...input, trigger: 'type =' })).body).toMatchObject({
      problems: [expect.stringContaining('trigger:'), expect.anything(), expect.anything()],
    });
    expect((await call('POST', '/api/try', { ...input, event: { type: 'x' } })).body).toMatchObject({
      problems: [expect.stringContaining('would be refused')],
    });
    expect((await call('GET', '/api/events')).body).toMatchObject({
      names: expect.arrayContaining(['Order Completed']),
    });
    expect((await call('POST', '/api/event', { name: 'page' })).body).toMatchObject({ type: 'page' });
    expect((await call('POST', '/api/connection', { settings: {} })).body).toMatchObject({ ok: true });
  });

  it('only answers its own page', async () => {
    const host = `127.0.0.1:${server.port}`;
    const token = { 'x-waybill-token': server.token };
    expect(await raw('/', { host: 'evil.example' })).toBe(403);
    expect(await raw('/', { host: `evil.example:${server.port}` })).toBe(403);
    expect(await raw('/api/destination', { host })).toBe(401);
    expect(await raw('/api/destination', { host, 'x-waybill-token': 'wrong' })).toBe(401);
    expect(await raw('/api/destination', { host, ...token, origin: 'https://evil.example' })).toBe(403);
    expect(await raw('/api/destination', { host, ...token, origin: `http://${host}` })).toBe(200);
    expect((await call('POST', '/api/try', {}, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await call('GET', '/api/nothing')).status).toBe(404);
  });

  it('reloads when a file changes, and survives mistakes', async () => {
    const change = async (text: string): Promise<unknown> => {
      const before = server.host.version;
      writeFileSync(join(folder, 'index.ts'), text);
      for (let waited = 0; server.host.version === before && waited < 100; waited += 1)
        await new Promise((done) => setTimeout(done, 50));
      return (await call('GET', '/api/destination')).body;
    };
    expect(await change('export const nothing = 1;')).toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('exports no destination'),
    });
    expect((await call('POST', '/api/try', {})).status).toBe(400);
    expect(await change('this is no code')).toMatchObject({ kind: 'broken' });
    expect(await change(source('Second'))).toMatchObject({
      kind: 'loaded',
      shown: { actions: [{ title: 'Second' }] },
    });
  }, 30_000);
});
