import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Answer, type Harness, openHarness } from './harness.ts';
import { send } from './send.ts';

const authorization = `Basic ${btoa('demo:')}`;
const good = (messageId: string) => ({ type: 'track', messageId, userId: 'u1', event: 'Seen' });

describe('the tracking API', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  /** Whether an event with this ID is in the log. */
  const taken = async (messageId: string): Promise<boolean> =>
    (await harness.admin(`events/${messageId}`)).status === 200;
  const refusals = async (): Promise<Answer[]> =>
    (await harness.admin('refusals?limit=1000')).body as Answer[];
  const refusedTotal = async (code: string): Promise<number> => {
    const text = await (await fetch(`${harness.server.url}/metrics`)).text();
    return Number(new RegExp(`waybill_events_refused_total\\{code="${code}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };

  describe('allows web pages', () => {
    const origin = 'https://shop.example';
    const page = { origin, 'access-control-request-method': 'POST' };

    it.each([
      '/v1/t',
      '/v1/batch',
      '/v1/m',
      '/beacon/v1/batch',
      '/pixel/v1/track',
      '/sourceConfig',
      '/rsaMetrics',
    ])('allows at %s every header of a client', async (path) => {
      const wanted = 'anonymousid,authorization,content-type,rsa-retry-attempt,sentat,x-retry-count,x-shop';
      const { status, headers } = await send(harness.server.url, 'OPTIONS', path, {
        ...page,
        'access-control-request-headers': wanted,
      });
      expect(status).toBe(204);
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': wanted,
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-max-age': '86400',
      });
      expect(headers['vary']).toMatch(/Origin/);
    });

    it.each([
      ['no list of names', 'x-ok, b@d'],
      ['too long', Array.from({ length: 300 }, (_one, index) => `x-header-${index}`).join(',')],
    ])('does not echo what is %s', async (_name, wanted) => {
      const { status, headers } = await send(harness.server.url, 'OPTIONS', '/v1/t', {
        ...page,
        'access-control-request-headers': wanted,
      });
      expect([status, headers['access-control-allow-headers']]).toEqual([
        204,
        'authorization, content-type, content-encoding',
      ]);
    });

    it.each([
      ['an event', '/v1/t', JSON.stringify(good('cors')), { authorization }, 200],
      [
        'an event of a sender without an origin',
        '/v1/t',
        JSON.stringify(good('cors-2')),
        { authorization, origin: '' },
        200,
      ],
      ['an unknown write key', '/v1/t', '{}', {}, 401],
      ['an invalid event', '/v1/t', '{}', { authorization }, 400],
      ['a body that is no JSON', '/v1/t', '{', { authorization }, 400],
      ['an unknown encoding', '/v1/t', '{}', { authorization, 'content-encoding': 'zip' }, 400],
      ['an address that is not there', '/v1/nothing', '{}', { authorization }, 404],
    ])('allows pages to read the answer to %s', async (_name, path, body, more, status) => {
      const sent: Record<string, string> = { origin, ...more };
      if (sent['origin'] === '') delete sent['origin'];
      const answer = await send(harness.server.url, 'POST', path, sent, body);
      expect(answer.status).toBe(status);
      expect(answer.headers['access-control-allow-origin']).toBe(sent['origin'] ?? '*');
      expect(answer.headers['access-control-allow-credentials']).toBe(sent['origin'] && 'true');
      expect(answer.headers['access-control-expose-headers']).toBe(sent['origin'] && 'Retry-After');
    });
  });

  describe('accepts anything readable as JSON', () => {
    it.each([
      ['without a content type', undefined],
      ['as a form', 'application/x-www-form-urlencoded'],
      ['as bytes', 'application/octet-stream'],
      ['as text', 'text/plain;charset=UTF-8'],
      ['as JSON of a vendor', 'application/vnd.shop+json'],
      ['with a content type that is none', 'json'],
    ])('%s', async (name, type) => {
      const id = name.replaceAll(' ', '-');
      const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) };
      const { status } = await send(
        harness.server.url,
        'POST',
        '/v1/track',
        headers,
        JSON.stringify(good(id)),
      );
      expect([status, await taken(id)]).toEqual([200, true]);
    });

    it.each([
      ['gzip', gzipSync],
      ['GZIP', gzipSync],
      ['x-gzip', gzipSync],
      ['gzip, identity', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['gzip,br', (text: string) => brotliCompressSync(gzipSync(text))],
      ['identity', (text: string) => Buffer.from(text)],
      ['', (text: string) => Buffer.from(text)],
    ])('compressed as "%s", without a content type', async (encoding, pack) => {
      const id = `packed-${encoding.replaceAll(/\W/g, '_')}`;
      const sent = pack(JSON.stringify({ batch: [good(id)] }));
      const { status } = await send(
        harness.server.url,
        'POST',
        '/v1/batch',
        { authorization, 'content-encoding': encoding },
        sent,
      );
      expect([status, await taken(id)]).toEqual([200, true]);
    });

    it.each([
      ['JSON', (text: string) => text],
      ['base64', (text: string) => btoa(text)],
    ])('in form data, as %s', async (name, write) => {
      const id = `form-${name}`;
      const form = new URLSearchParams({ data: write(JSON.stringify({ ...good(id), writeKey: 'demo' })) });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const { status } = await send(harness.server.url, 'POST', '/v1/track', headers, form.toString());
      expect([status, await taken(id)]).toEqual([200, true]);
    });

    it('after a byte order mark', async () => {
      const { status } = await send(
        harness.server.url,
        'POST',
        '/v1/track',
        { authorization },
        `\uFEFF${JSON.stringify(good('bom'))}`,
      );
      expect([status, await taken('bom')]).toEqual([200, true]);
    });

    it.each(['/v1/track/', '//v1//track', '/v1/track//'])('at %s', async (path) => {
      const id = `slash-${path.replaceAll('/', '_')}`;
      const { status } = await send(
        harness.server.url,
        'POST',
        path,
        { authorization },
        JSON.stringify(good(id)),
      );
      expect([status, await taken(id)]).toEqual([200, true]);
    });
  });

  describe('records every refusal, and counts it', () => {
    const big = JSON.stringify({ ...good('big'), properties: { text: 'x'.repeat(33_000) } });
    it.each([
      ['an unknown write key', 'track', {}, JSON.stringify(good('x')), 401, 'request_unauthorized'],
      ['what is no JSON', 'track', { authorization }, 'a=1&b', 400, 'event_invalid_json'],
      [
        'a form without data',
        'track',
        { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        'a=1',
        400,
        'event_invalid_json',
      ],
      [
        'an unknown encoding',
        'track',
        { authorization, 'content-encoding': 'zip' },
        '{}',
        400,
        'request_invalid',
      ],
      [
        'too many encodings',
        'track',
        { authorization, 'content-encoding': 'gzip,gzip,gzip,gzip' },
        '{}',
        400,
        'request_invalid',
      ],
      [
        'a broken archive',
        'track',
        { authorization, 'content-encoding': 'gzip' },
        'not packed',
        400,
        'request_invalid',
      ],
      ['a large event', 'track', { authorization }, big, 400, 'event_too_large'],
      ['a large batch', 'import', { authorization }, 'x'.repeat(513_000), 400, 'event_batch_too_large'],
      ['an address that is not there', 'tack', { authorization }, '{}', 404, 'request_not_found'],
      ['no body', 'identify', { authorization }, '', 400, 'event_invalid'],
    ])('%s', async (_name, path, headers, body, status, code) => {
      const before = await refusedTotal(code);
      const answer = await send(
        harness.server.url,
        'POST',
        `/v1/${path}?writeKey=secret`,
        headers as Record<string, string>,
        body,
      );
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      const [newest] = await refusals();
      expect(newest).toMatchObject({
        path: status === 404 ? '/v1/*' : `/v1/${path}`,
        issues: [{ code, message: expect.any(String) }],
      });
      expect(await refusedTotal(code)).toBe(before + 1);
    });
  });
});
