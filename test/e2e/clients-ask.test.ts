import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '@waybill/server';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type Harness, openHarness } from './harness.ts';
import { type Reply, send } from './send.ts';

const good = (messageId: string) => ({ messageId, userId: 'u1', event: 'Seen' });
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

describe('requests of clients besides events', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ server: { trustProxy: ['loopback'] } });
  });
  afterAll(() => harness.close());

  const ask = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body = '',
  ): Promise<Reply> => send(harness.server.url, method, path, headers, body);
  const stored = async (messageId: string): Promise<Answer> => {
    const { status, body } = await harness.admin(`events/${messageId}`);
    return status === 200 ? body.event : undefined;
  };
  const newestRefusal = async (): Promise<Answer> => (await harness.admin('refusals?limit=1')).body[0];

  describe('settings', () => {
    it("lead Segment's client back to this server", async () => {
      const { status, headers, body } = await ask('GET', '/v1/projects/demo/settings', {
        origin: 'https://shop.example',
      });
      expect([status, headers['access-control-allow-origin']]).toEqual([200, 'https://shop.example']);
      const { host } = new URL(harness.server.url);
      expect(body.integrations['Segment.io']).toMatchObject({
        apiKey: 'demo',
        apiHost: `${host}/v1`,
        protocol: 'http',
      });
      expect(body.metrics).toMatchObject({ sampleRate: 0, host: `${host}/v1` });
    });

    it('contain the address of a trusted proxy', async () => {
      const { body } = await ask('GET', '/v1/projects/demo/settings/', {
        'x-forwarded-host': 'events.shop.example',
        'x-forwarded-proto': 'https',
      });
      expect(body.integrations['Segment.io']).toMatchObject({
        apiHost: 'events.shop.example/v1',
        protocol: 'https',
      });
    });

    it('contain the configured address, for any request', async () => {
      const other = await openHarness({ server: { publicUrl: 'https://shop.example/waybill/' } });
      try {
        const forged = { 'x-forwarded-host': 'evil.example', host: 'evil.example' };
        const { body } = await send(other.server.url, 'GET', '/v1/projects/demo/settings', forged);
        expect(body.integrations['Segment.io']).toMatchObject({
          apiHost: 'shop.example/waybill/v1',
          protocol: 'https',
        });
      } finally {
        await other.close();
      }
    });

    it('ignore headers of an untrusted proxy', async () => {
      const other = await openHarness();
      try {
        const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
        const { body } = await send(other.server.url, 'GET', '/v1/projects/demo/settings', forged);
        expect(body.integrations['Segment.io'].apiHost).toBe(`${new URL(other.server.url).host}/v1`);
        expect(body.integrations['Segment.io'].protocol).toBe('http');
      } finally {
        await other.close();
      }
    });

    it.each(['/v1/projects/nobody/settings', '/sourceConfig?writeKey=nobody', '/sourceConfig'])(
      'are not returned for an unknown write key (%s)',
      async (path) => {
        expect((await ask('GET', path)).status).toBe(401);
        expect((await newestRefusal()).issues[0].code).toBe('request_unauthorized');
        expect(JSON.stringify(await newestRefusal())).not.toContain('nobody');
      },
    );

    it("satisfy RudderStack's client", async () => {
      for (const [path, headers] of [
        ['/sourceConfig/?p=npm&v=3&writeKey=demo', {}],
        ['/sourceConfig', { authorization: `Basic ${btoa('demo:')}` }],
      ] as const) {
        const { status, body } = await ask('GET', path, headers);
        expect(status).toBe(200);
        expect(body.source).toMatchObject({ id: 'shop', enabled: true, destinations: [] });
      }
      expect((await ask('HEAD', '/sourceConfig/?view=ad')).status).toBe(200);
    });

    it.each(['/v1/m', '/rsaMetrics'])("are not needed for the client's own statistics (%s)", async (path) => {
      expect((await ask('POST', path, { 'content-type': 'text/plain' }, 'anything')).status).toBe(200);
    });
  });

  describe('a pixel', () => {
    const isPicture = ({ status, headers, body }: Reply): void => {
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'image/gif',
        'no-store',
      ]);
      expect((body as Buffer).subarray(0, 6).toString()).toBe('GIF89a');
    };

    it.each([
      ['of base64', '/v1/pixel/track', { data: base64({ ...good('pixel-1'), writeKey: 'demo' }) }, 'pixel-1'],
      [
        'of JSON',
        '/v1/pixel/track',
        { data: JSON.stringify({ ...good('pixel-2'), writeKey: 'demo' }) },
        'pixel-2',
      ],
      [
        'with the key beside it',
        '/v1/pixel/track',
        { writeKey: 'demo', data: base64(good('pixel-3')) },
        'pixel-3',
      ],
      [
        'of parameters',
        '/pixel/v1/track',
        { writeKey: 'demo', ...good('pixel-4'), 'properties.a.b': '5' },
        'pixel-4',
      ],
      ['with slashes', '//pixel//v1/track/', { writeKey: 'demo', ...good('pixel-5') }, 'pixel-5'],
    ])('records an event %s', async (_name, path, query, messageId) => {
      const headers = { 'x-forwarded-for': '203.0.113.7' };
      isPicture(await ask('GET', `${path}?${new URLSearchParams(query).toString()}`, headers));
      const event = await stored(messageId);
      expect(event).toMatchObject({ type: 'track', userId: 'u1', context: { ip: '203.0.113.7' } });
      expect(event.writeKey).toBeUndefined();
      if (messageId === 'pixel-4') expect(event.properties).toEqual({ a: { b: '5' } });
    });

    it.each([
      ['an unknown write key', 'track?writeKey=nobody&userId=u&event=E', 'request_unauthorized'],
      ['data that is none', 'track?writeKey=demo&data=%00', 'event_invalid_json'],
      ['an event without a name', 'track?writeKey=demo&userId=u', 'event_invalid'],
      ['an unknown call', 'trac?writeKey=demo&userId=u&event=E', 'event_invalid'],
    ])('is returned and the refusal is recorded for %s', async (_name, rest, code) => {
      for (const path of ['/v1/pixel', '/pixel/v1']) {
        isPicture(await ask('GET', `${path}/${rest}`));
        expect((await newestRefusal()).issues[0].code).toBe(code);
      }
    });

    it('does not reach a prototype', async () => {
      const query =
        'writeKey=demo&messageId=pixel-p&userId=u&event=E&__proto__.a=1&constructor.prototype.b=1&properties.__proto__.c=1';
      isPicture(await ask('GET', `/pixel/v1/track?${query}`));
      expect(({} as Record<string, unknown>)['a']).toBeUndefined();
      expect(await stored('pixel-p')).not.toHaveProperty('properties');
    });

    it('requested by HEAD is not an event', async () => {
      await ask('HEAD', '/pixel/v1/track?writeKey=demo&messageId=pixel-h&userId=u&event=E');
      expect(await stored('pixel-h')).toBeUndefined();
    });
  });

  it('a beacon names its write key in the address', async () => {
    const batch = { batch: [{ type: 'track', ...good('beacon') }] };
    const headers = { 'content-type': 'text/plain', origin: 'https://shop.example' };
    const { status } = await ask('POST', '/beacon/v1/batch?writeKey=demo', headers, JSON.stringify(batch));
    expect(status).toBe(200);
    expect(await stored('beacon')).toMatchObject({ context: { ip: '127.0.0.1' } });
    expect(
      (await ask('POST', '/beacon/v1/batch?writeKey=nobody', headers, JSON.stringify(batch))).status,
    ).toBe(401);
  });

  describe('the address of the customer', () => {
    const authorization = `Basic ${btoa('demo:')}`;
    const track = (messageId: string, headers: Record<string, string>): Promise<Reply> =>
      ask('POST', '/v1/track', { authorization, ...headers }, JSON.stringify(good(messageId)));

    it('is that of the browser, behind a trusted proxy', async () => {
      await track('ip-1', { origin: 'https://shop.example', 'x-forwarded-for': '198.51.100.1, 203.0.113.9' });
      // What the proxy has seen, not what the browser claims before it.
      expect((await stored('ip-1')).context.ip).toBe('203.0.113.9');
    });

    it('is not that of a server', async () => {
      await track('ip-2', {});
      expect((await stored('ip-2')).context).toEqual({});
    });

    it('is the connection without a trusted proxy', async () => {
      const other = await openHarness();
      try {
        const headers = { authorization, origin: 'https://shop.example', 'x-forwarded-for': '203.0.113.9' };
        await send(other.server.url, 'POST', '/v1/track', headers, JSON.stringify(good('ip-3')));
        expect((await other.admin('events/ip-3')).body.event.context.ip).toBe('127.0.0.1');
      } finally {
        await other.close();
      }
    });
  });

  it.each([
    ['WAYBILL_PUBLIC_URL', 'events.shop.example'],
    ['WAYBILL_PUBLIC_URL', 'ftp://shop.example'],
    ['WAYBILL_TRUST_PROXY', '10.0.0.0/40'],
    ['WAYBILL_TRUST_PROXY', 'loopback,proxy'],
  ])('a server with %s=%s does not start, with a reason', async (name, value) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'waybill-e2e-'));
    const env = (asked: string) => (asked === name ? value : undefined);
    await expect(startServer({ dataDir, port: 0, env })).rejects.toThrow(name);
    rmSync(dataDir, { recursive: true });
  });
});
