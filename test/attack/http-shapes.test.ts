import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, good, openTarget, pause, type Target, wire } from './attacker.ts';
import { scale } from './scale.ts';

/** Placeholders for parts of a request in the shapes below. */
const CRLF = '\r\n';

/** A request with its lines; the body is put after a blank line. */
const raw = (first: string, headers: readonly string[], body = ''): string =>
  [first, ...headers, '', body].join(CRLF);

const host = 'Host: 127.0.0.1';
const key = `Authorization: ${basic('demo')}`;
const json = 'Content-Type: application/json';
const event = (id: string): string => JSON.stringify(good(id));
const length = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}`;
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}${CRLF}${text}${CRLF}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const usual = [host, key, json];
const track = 'POST /v1/track HTTP/1.1';

/** Shapes by name; `id` is the messageId to send, which is stored only when it was acknowledged. */
type Shape = (id: string) => string;

const smuggling: Record<string, Shape> = {
  'both lengths': (id) =>
    raw(track, [...usual, 'Content-Length: 6', CHUNKED], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'both lengths, chunked first': (id) =>
    raw(track, [...usual, CHUNKED, 'Content-Length: 6'], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'two different lengths': (id) => raw(track, [...usual, length(event(id)), 'Content-Length: 5'], event(id)),
  'the same length twice': (id) => raw(track, [...usual, length(event(id)), length(event(id))], event(id)),
  'lengths in a list': (id) => raw(track, [...usual, 'Content-Length: 5, 5'], event(id)),
  'a length with a plus': (id) => raw(track, [...usual, `Content-Length: +${event(id).length}`], event(id)),
  'a negative length': (id) => raw(track, [...usual, 'Content-Length: -1'], event(id)),
  'a length in hex': (id) => raw(track, [...usual, 'Content-Length: 0x40'], event(id)),
  'a length beyond numbers': (id) =>
    raw(track, [...usual, 'Content-Length: 99999999999999999999'], event(id)),
  'an empty length': (id) => raw(track, [...usual, 'Content-Length:'], event(id)),
  'a blank before the colon': (id) =>
    raw(track, [...usual, `Content-Length : ${event(id).length}`], event(id)),
  'a blank before chunked': (id) =>
    raw(track, [...usual, 'Transfer-Encoding : chunked'], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'chunked in a list': (id) =>
    raw(track, [...usual, 'Transfer-Encoding: identity, chunked'], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'chunked twice': (id) => raw(track, [...usual, CHUNKED, CHUNKED], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'chunked not last': (id) =>
    raw(track, [...usual, 'Transfer-Encoding: chunked, identity'], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'an unknown transfer encoding': (id) => raw(track, [...usual, 'Transfer-Encoding: cow'], event(id)),
  'chunked with a tab': (id) =>
    raw(track, [...usual, 'Transfer-Encoding:\tchunked'], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'chunked over two lines': (id) =>
    raw(track, [...usual, 'Transfer-Encoding:', ' chunked'], `${chunk(event(id))}0${CRLF}${CRLF}`),
  'a request within a body that is too short': (id) =>
    raw(track, [...usual, 'Content-Length: 2'], `{}${raw(track, [...usual, length(event(id))], event(id))}`),
  'chunked under HTTP/1.0': (id) =>
    raw('POST /v1/track HTTP/1.0', [...usual, CHUNKED], `${chunk(event(id))}0${CRLF}${CRLF}`),
};

const chunks: Record<string, Shape> = {
  'a size that is no number': (id) =>
    raw(track, [...usual, CHUNKED], `zz${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`),
  'a size beyond numbers': (id) =>
    raw(track, [...usual, CHUNKED], `fffffffffffffffff${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`),
  'a negative size': (id) => raw(track, [...usual, CHUNKED], `-5${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`),
  'a size with 0x': (id) => raw(track, [...usual, CHUNKED], `0x5${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`),
  'a size too small': (id) => raw(track, [...usual, CHUNKED], `2${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`),
  'line feeds alone': (id) =>
    raw(track, [...usual, CHUNKED], `${event(id).length.toString(16)}\n${event(id)}\n0\n\n`),
  'an extension': (id) =>
    raw(
      track,
      [...usual, CHUNKED],
      `${event(id).length.toString(16)};a=b${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`,
    ),
  'an extension of 64 KB': (id) =>
    raw(track, [...usual, CHUNKED], `5;${'a'.repeat(65_536)}${CRLF}${event(id)}${CRLF}0${CRLF}${CRLF}`),
  trailers: (id) =>
    raw(track, [...usual, CHUNKED], `${chunk(event(id))}0${CRLF}Authorization: x${CRLF}X-A: b${CRLF}${CRLF}`),
  'trailers without end': (id) =>
    raw(
      track,
      [...usual, CHUNKED],
      `${chunk(event(id))}0${CRLF}${`X-A: ${'b'.repeat(100)}${CRLF}`.repeat(1_000)}${CRLF}`,
    ),
  'a byte a chunk': (id) =>
    raw(track, [...usual, CHUNKED], `${[...event(id)].map((one) => chunk(one)).join('')}0${CRLF}${CRLF}`),
  'no last chunk': (id) => raw(track, [...usual, CHUNKED], chunk(event(id))),
};

const lines: Record<string, Shape> = {
  'line feeds alone': (id) => raw(track, [...usual, length(event(id))], event(id)).replaceAll('\r\n', '\n'),
  'carriage returns alone': (id) =>
    raw(track, [...usual, length(event(id))], event(id)).replaceAll('\r\n', '\r'),
  'blank lines before': (id) => `${CRLF}${CRLF}${raw(track, [...usual, length(event(id))], event(id))}`,
  'an absolute address': (id) =>
    raw('POST http://127.0.0.1/v1/track HTTP/1.1', [...usual, length(event(id))], event(id)),
  'an absolute address elsewhere': (id) =>
    raw('POST http://example.com/v1/track HTTP/1.1', [...usual, length(event(id))], event(id)),
  'HTTP/1.0': (id) => raw('POST /v1/track HTTP/1.0', [...usual, length(event(id))], event(id)),
  'HTTP/0.9': () => 'GET /healthz\r\n\r\n',
  'HTTP/2.0': (id) => raw('POST /v1/track HTTP/2.0', [...usual, length(event(id))], event(id)),
  'HTTP/9.9': (id) => raw('POST /v1/track HTTP/9.9', [...usual, length(event(id))], event(id)),
  'the preface of HTTP/2': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a client hello of TLS': () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'nothing but zeros': () => '\0'.repeat(1_000),
  'an unknown method': (id) => raw('COW /v1/track HTTP/1.1', [...usual, length(event(id))], event(id)),
  'a method in small letters': (id) =>
    raw('post /v1/track HTTP/1.1', [...usual, length(event(id))], event(id)),
  'a long method': (id) => raw(`${'P'.repeat(20_000)} /v1/track HTTP/1.1`, usual, event(id)),
  CONNECT: () => raw('CONNECT 127.0.0.1:22 HTTP/1.1', [host]),
  TRACE: () => raw('TRACE / HTTP/1.1', [host, key]),
  'OPTIONS *': () => raw('OPTIONS * HTTP/1.1', [host]),
  'an upgrade': () =>
    raw('GET /v1/track HTTP/1.1', [
      host,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: eA==',
    ]),
  'no host': (id) => raw(track, [key, json, length(event(id))], event(id)),
  'two hosts': (id) => raw(track, [...usual, 'Host: other', length(event(id))], event(id)),
  'a header without colon': (id) => raw(track, [...usual, 'cow', length(event(id))], event(id)),
  'a header without name': (id) => raw(track, [...usual, ': cow', length(event(id))], event(id)),
  'a zero in a header': (id) => raw(track, [...usual, 'X-A: a\0b', length(event(id))], event(id)),
  'a folded header': (id) => raw(track, [...usual, 'X-A: a', '  b', length(event(id))], event(id)),
  'a header of 64 KB': (id) =>
    raw(track, [...usual, `X-A: ${'a'.repeat(65_536)}`, length(event(id))], event(id)),
  '5,000 headers': (id) =>
    raw(
      track,
      [...usual, ...Array.from({ length: 5_000 }, (_, n) => `X-${n}: a`), length(event(id))],
      event(id),
    ),
  'an address of 64 KB': (id) => raw(`POST /v1/track?${'a'.repeat(65_536)} HTTP/1.1`, usual, event(id)),
  'an address with a zero': (id) => raw('POST /v1/tr\0ack HTTP/1.1', usual, event(id)),
  'an address with bytes beyond ASCII': (id) => raw('POST /v1/tr\xffack HTTP/1.1', usual, event(id)),
  'a percent sign alone': () => raw('GET /%  HTTP/1.1', [host]),
  'a broken escape': () => raw('GET /v1/%zz HTTP/1.1', [host]),
  'an escape of no character': () => raw('GET /%ff%fe HTTP/1.1', [host, key]),
  'dots upwards': () => raw('GET /../../../../etc/passwd HTTP/1.1', [host]),
  'escaped dots upwards': () => raw('GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1', [host]),
  'a prototype as address': () => raw('GET /__proto__ HTTP/1.1', [host]),
  'expect 100-continue': (id) => raw(track, [...usual, 'Expect: 100-continue', length(event(id))], event(id)),
  'another expectation': (id) => raw(track, [...usual, 'Expect: cow', length(event(id))], event(id)),
  'a body that ends early': (id) =>
    raw(track, [...usual, `Content-Length: ${event(id).length + 10}`], event(id)),
  'a body with GET': (id) => raw('GET /v1/track HTTP/1.1', [...usual, length(event(id))], event(id)),
  HEAD: () => raw('HEAD /v1/track HTTP/1.1', [host, key]),
  'an empty body': () => raw(track, [...usual, 'Content-Length: 0']),
  'a byte order mark': (id) =>
    raw(track, [...usual, `Content-Length: ${event(id).length + 3}`], `\xef\xbb\xbf${event(id)}`),
  'bytes that are no UTF-8': (id) => {
    const body = event(id).replace('Seen', '\xff\xfe\xc3');
    return raw(track, [...usual, `Content-Length: ${body.length}`], body);
  },
  'UTF-16': (id) => {
    const body = Buffer.from(event(id), 'utf16le').toString('latin1');
    return raw(track, [...usual, `Content-Length: ${body.length}`], body);
  },
  'a prototype as content type': (id) =>
    raw(track, [host, key, 'Content-Type: __proto__', length(event(id))], event(id)),
  'a broken content type': (id) =>
    raw(track, [host, key, 'Content-Type: ;;;=', length(event(id))], event(id)),
  'an unknown content encoding': (id) =>
    raw(track, [...usual, 'Content-Encoding: cow', length(event(id))], event(id)),
  'gzip that is none': (id) => raw(track, [...usual, 'Content-Encoding: gzip', length(event(id))], event(id)),
  'many content encodings': (id) =>
    raw(
      track,
      [
        ...usual,
        `Content-Encoding: ${Array.from({ length: 50 }, () => 'gzip').join(', ')}`,
        length(event(id)),
      ],
      event(id),
    ),
  'a write key of 8 KB': (id) =>
    raw(track, [host, json, `Authorization: ${basic('k'.repeat(8_000))}`, length(event(id))], event(id)),
  'an authorization that is no base64': (id) =>
    raw(track, [host, json, 'Authorization: Basic \xff\xff', length(event(id))], event(id)),
  'an authorization twice': (id) =>
    raw(track, [...usual, `Authorization: ${basic('wrong')}`, length(event(id))], event(id)),
};

describe('odd HTTP', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  it.each([
    ['smuggling', smuggling],
    ['chunks', chunks],
    ['lines and headers', lines],
  ])('(%s) crashes nothing, and is acknowledged only when it is stored', async (group, shapes) => {
    const names = Object.keys(shapes);
    const answered = await Promise.all(
      names.map(async (name, index) => {
        const id = `${group}-${index}`;
        const connection = await wire(target.port, shapes[name]!(id));
        await Promise.race([connection.closed, pause(1_500)]);
        const heard = connection.heard();
        connection.socket.destroy();
        return {
          name,
          id,
          statuses: [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((one) => Number(one[1])),
        };
      }),
    );
    for (const { name, id, statuses } of answered) {
      const stored = (await target.admin(`events/${id}`)).error === undefined;
      expect([name, statuses.filter((status) => status >= 500)]).toEqual([name, []]);
      // A stored event without an acknowledgement is sent again; an acknowledged event that is not stored would be lost.
      if (statuses.includes(200) && shapes === smuggling) expect([name, stored]).toEqual([name, true]);
      if (!statuses.includes(200)) expect([name, stored]).toEqual([name, false]);
    }
    expect((await target.post('track', JSON.stringify(good(`after ${group}`)))).status).toBe(200);
  });

  it('in random bytes, truncated and damaged requests crashes nothing', async () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const whole = raw(track, [...usual, length(event('spoilt'))], event('spoilt'));
    for (let round = 0; round < scale(10, 300); round += 1) {
      const open = await Promise.all(
        Array.from({ length: 20 }, () => {
          const bytes = Buffer.from(whole, 'latin1');
          for (let n = random(5); n >= 0; n -= 1) bytes[random(bytes.length)] = random(256);
          return wire(target.port, bytes.subarray(0, random(bytes.length + 1)).toString('latin1'));
        }),
      );
      await pause(20);
      for (const one of open) {
        expect(one.heard()).not.toMatch(/^HTTP\/1\.1 5/m);
        one.socket.destroy();
      }
    }
    expect((await fetch(`${target.url}/healthz`)).status).toBe(200);
  });

  it('in pipelines answers every request in order, each once', async () => {
    const many = scale(200, 5_000);
    const requests = Array.from({ length: many }, (_, n) =>
      raw(track, [...usual, length(event(`pipe-${n}`))], event(`pipe-${n}`)),
    );
    const connection = await wire(target.port, requests.join(''));
    const count = (): number => connection.heard().split('HTTP/1.1 200').length - 1;
    for (let n = 0; n < 200 && count() < many; n += 1) await pause(50);
    connection.socket.destroy();
    expect(count()).toBe(many);
    for (const n of [0, 1, many - 1]) {
      expect((await target.admin(`events/pipe-${n}`)).error).toBeUndefined();
    }
  });
});
