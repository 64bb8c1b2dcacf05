import { afterEach, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { createRedactor, createRequest, createTransport, isInternalAddress } from '../src/index.ts';
import { serve } from './support.ts';

type Served = Awaited<ReturnType<typeof serve>>;
let servers: Served[] = [];
afterEach(async () => {
  await Promise.all(servers.map((one) => one.close()));
  servers = [];
});
async function server(handler: Parameters<typeof serve>[0]): Promise<Served> {
  const made = await serve(handler);
  servers.push(made);
  return made;
}

describe('a request', () => {
  it('returns the answer and records the exchange without secrets', async () => {
    const secret = 'sk-live/"quoted"+1234';
    const { url, host } = await server((request, response, body) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('set-cookie', 'session=1');
      response.end(JSON.stringify({ url: request.url, body, key: request.headers['api-key'] }));
    });
    const { request, exchanges } = createRequest({ secrets: [secret], allowedHosts: [host], now: () => 5 });
    const answer = await request({
      url: `${url}/path`,
      query: { key: secret, n: 1 },
      headers: { 'Api-Key': secret, 'X-Other': `a ${secret}` },
      json: { nested: [secret], id: 1 },
    });
    expect(answer).toMatchObject({ kind: 'response', ok: true, status: 200, exchange: 0 });
    expect(answer.kind === 'response' && answer.body).toMatchObject({ key: secret });
    const text = JSON.stringify(exchanges);
    expect(text).not.toContain('sk-live');
    expect(text).not.toContain('quoted');
    expect(exchanges).toEqual([
      expect.objectContaining({
        at: 5,
        request: expect.objectContaining({
          method: 'POST',
          headers: expect.objectContaining({ 'api-key': '[secret]', 'x-other': 'a [secret]' }),
          body: '{"nested":["[secret]"],"id":1}',
        }),
        response: expect.objectContaining({
          status: 200,
          headers: expect.objectContaining({ 'set-cookie': '[secret]' }),
        }),
      }),
    ]);
  });

  it('returns error statuses, text that is not JSON and redirects unchanged', async () => {
    const { url, host } = await server((request, response) => {
      if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/' });
      else response.statusCode = 500;
      response.end('<html>');
    });
    const { request } = createRequest({ allowedHosts: [host] });
    expect(await request({ url })).toMatchObject({ ok: false, status: 500, text: '<html>', body: undefined });
    expect(await request({ url: `${url}/away` })).toMatchObject({ status: 302, exchange: 1 });
  });

  it.each(['GET', 'HEAD', 'DELETE', 'POST', 'PUT', 'PATCH'] as const)(
    'is sent as %s without a body',
    async (method) => {
      const { url, host } = await server((request, response, body) => {
        response.setHeader('asked', `${request.method} ${body.length}`).end();
      });
      const { request } = createRequest({ allowedHosts: [host] });
      const empty = method === 'GET' || method === 'HEAD' ? [] : [{ body: '' }];
      for (const without of [{}, ...empty]) {
        const answer = await request({ url, method, timeoutMs: 2_000, ...without });
        expect(answer).toMatchObject({ kind: 'response', status: 200, headers: { asked: `${method} 0` } });
      }
    },
  );

  it('fails without throwing without a listener, after a timeout and for a truncated answer', async () => {
    const { url, host } = await server((request, response) => {
      if (request.url === '/slow') return;
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 10);
    });
    const { request, exchanges } = createRequest({ allowedHosts: [host, '127.0.0.1:1'] });
    expect(await request({ url: 'http://127.0.0.1:1/' })).toMatchObject({ code: 'destination_unreachable' });
    expect(await request({ url: `${url}/slow`, timeoutMs: 50 })).toMatchObject({
      code: 'destination_timeout',
    });
    expect(await request({ url: `${url}/half` })).toMatchObject({ code: 'destination_unreachable' });
    expect(await request({ url: 'not an address' })).toMatchObject({ kind: 'failure' });
    expect(exchanges.map((one) => one.failure !== undefined && one.response === undefined)).toEqual(
      Array(4).fill(true),
    );
  });

  it('does not read an answer beyond its limit, also when it is compressed', async () => {
    const big = Buffer.alloc(2_000_000, 'x');
    const { url, host } = await server((request, response) => {
      if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(big));
      else response.end(big);
    });
    const { request } = createRequest({ allowedHosts: [host], maxResponseBytes: 1_000_000 });
    for (const path of ['/', '/gzip']) {
      const answer = await request({ url: `${url}${path}` });
      expect(answer).toMatchObject({ kind: 'failure', code: 'destination_unreadable_answer' });
    }
  });

  it('records JSON that it is given as bytes, and of other bytes how many there are', async () => {
    const { url, host } = await server((_request, response, body) => response.end(body.slice(0, 20)));
    const { request, exchanges } = createRequest({ secrets: ['sk-live-1'], allowedHosts: [host] });
    const send = async (text: string, type: string): Promise<string | undefined> => {
      const headers = { 'Content-Type': type };
      const answer = await request({ url, method: 'POST', headers, body: Buffer.from(text) });
      expect(answer.kind === 'response' && answer.text).toBe(text.slice(0, 20));
      return exchanges.at(-1)?.request.body;
    };
    expect(await send('{"a":"sk-live-1","b":"é"}', 'application/json')).toBe('{"a":"[secret]","b":"é"}');
    const long = await send(`{"a":"sk-live-1${'é'.repeat(50_000)}"}`, 'application/json');
    expect(long).toMatch(/^\{"a":"\[secret\]é{15000,}… \(cut; 100017 bytes in all\)$/);
    expect(await send('{"a":"sk-live-1"}', 'text/plain')).toBe('(17 bytes)');
  });

  it('truncates long bodies in the record, and marks them', async () => {
    const { url, host } = await server((_request, response) => response.end('y'.repeat(50_000)));
    const { request, exchanges } = createRequest({ allowedHosts: [host] });
    const answer = await request({ url, json: { a: 'x'.repeat(40_000) } });
    expect(answer.kind === 'response' && answer.text.length).toBe(50_000);
    const [exchange] = exchanges;
    expect(exchange?.request.body?.length).toBeLessThan(16_500);
    expect(exchange?.request.body).toContain('40008 characters in all');
    expect(exchange?.response?.body).toContain('50000 characters in all');
  });
});

describe('internal addresses', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.0.0.1:8080/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://224.0.0.1/',
    'http://localhost/',
    'http://LOCALHOST:81/',
    'file:///etc/passwd',
    'ftp://example.com/',
  ])('%s is refused', async (url) => {
    const { request } = createRequest({ timeoutMs: 500 });
    expect(await request({ url })).toMatchObject({
      kind: 'failure',
      code: 'destination_address_forbidden',
    });
  });

  it('are refused when a public name resolves to one', async () => {
    const { request } = createRequest({
      lookup: (_host, options, callback) => {
        if (options.all === true) callback(null, [{ address: '10.0.0.1', family: 4 }]);
        else callback(null, '10.0.0.1', 4);
      },
    });
    expect(await request({ url: 'http://rebinding.example/' })).toMatchObject({
      code: 'destination_address_forbidden',
    });
  });

  it('can be allowed by host, or by host and port', async () => {
    const { url, host } = await server((_request, response) => response.end('{}'));
    for (const allowed of [host, '127.0.0.1']) {
      const { request } = createRequest({ allowedHosts: [allowed] });
      expect(await request({ url })).toMatchObject({ ok: true });
    }
    const { request } = createRequest({ allowedHosts: [`127.0.0.1:1`] });
    expect(await request({ url })).toMatchObject({ code: 'destination_address_forbidden' });
  });

  it('are not confused with public ones', () => {
    const open = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'];
    expect(open.filter((address) => isInternalAddress(address))).toEqual([]);
  });
});

describe('connections', () => {
  it('are pooled and reused', async () => {
    let connections = 0;
    const { url, host, server: http } = await server((_request, response) => response.end('{}'));
    http.on('connection', () => (connections += 1));
    const transport = createTransport({ allowedHosts: [host] });
    for (let n = 0; n < 5; n += 1) await createRequest({ transport }).request({ url });
    transport.close();
    expect(connections).toBe(1);
  });
});

describe('redaction', () => {
  it('leaves no part of a secret at a truncation', () => {
    const secret = '01234567890123456789012345';
    const redactor = createRedactor([secret]);
    for (let before = 60; before <= 110; before += 1) {
      const cut = redactor.cut('.'.repeat(before) + secret + '.'.repeat(200), 100);
      expect(cut.replace(/… \(cut.*/, '')).not.toMatch(/\d/);
    }
  });

  it('redacts values, also secrets made of digits', () => {
    const redactor = createRedactor(['12345678', 'key one']);
    expect(redactor.value({ a: ['key one'], b: 1 })).toEqual({ a: ['[secret]'], b: 1 });
    expect(JSON.stringify(redactor.value({ n: 12345678 }))).not.toContain('12345678');
    expect(redactor.text('q=key%20one')).toBe('q=[secret]');
  });
});
