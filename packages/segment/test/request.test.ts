import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { UpstreamAction } from '@waybill/segment';
import { definitionOf, item, scripted, send } from './stage.ts';

const require = createRequire(import.meta.url);
const framework = require('@segment/actions-core') as {
  createRequestClient: (options?: object) => UpstreamAction['perform'];
  HTTPError: new (...args: never[]) => Error;
};

type Perform = UpstreamAction['perform'];

async function calls(perform: Perform, extend: object = {}): Promise<ReturnType<typeof scripted>['calls']> {
  const { request, calls } = scripted();
  await send(definitionOf({ perform }, { extendRequest: () => extend as never }), [item('a')], request);
  return calls;
}

describe('the HTTP client of definitions', () => {
  it('sends JSON with its type, and without the name of the framework', async () => {
    const [call] = await calls((request) =>
      request('https://api.example/x', { method: 'put', json: { a: [1, null] } }),
    );
    expect(call).toMatchObject({ method: 'PUT', url: 'https://api.example/x', body: '{"a":[1,null]}' });
    expect(call?.headers).toEqual({ accept: '*/*', 'content-type': 'application/json' });
  });

  it('merges options of the call over those of the definition, header by header', async () => {
    const [call] = await calls(
      (request) =>
        request('https://api.example/x', { headers: { authorization: 'call', 'X-B': 'undefined' } }),
      { headers: { Authorization: 'definition', 'x-a': '1', 'x-b': '2' } },
    );
    expect(call?.headers).toEqual({ accept: '*/*', authorization: 'call', 'x-a': '1' });
  });

  it('builds basic authentication of a user name and a password', async () => {
    const [call] = await calls((request) => request('https://api.example/x'), {
      username: 'ada',
      password: 'secret',
    });
    expect(call?.headers?.['authorization']).toBe(`Basic ${Buffer.from('ada:secret').toString('base64')}`);
  });

  it('replaces the query by search parameters', async () => {
    const [call] = await calls((request) =>
      request('https://api.example/x?old=1', { searchParams: { a: 'b c', d: 1 } }),
    );
    expect(call?.url).toBe('https://api.example/x?a=b+c&d=1');
  });

  it('sends forms, text and bytes', async () => {
    const made = await calls(async (request) => {
      await request('https://api.example/x', { method: 'post', body: new URLSearchParams({ a: 'b&c' }) });
      await request('https://api.example/x', { method: 'post', body: 'ü' });
      await request('https://api.example/x', { method: 'post', body: Buffer.from([0, 255]) });
    });
    expect(made.map(({ body }) => body)).toEqual(['a=b%26c', 'ü', new Uint8Array([0, 255])]);
    expect(made.map(({ headers }) => headers?.['content-type'])).toEqual([
      'application/x-www-form-urlencoded;charset=UTF-8',
      'text/plain;charset=UTF-8',
      undefined,
    ]);
  });

  it('passes on the timeout of a call', async () => {
    const made = await calls(async (request) => {
      await request('https://api.example/x');
      await request('https://api.example/x', { timeout: 25_000 });
    });
    expect(made.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 25_000]);
  });

  it('is used by clients that a definition creates itself', async () => {
    const made = await calls((_request) =>
      framework.createRequestClient({ headers: { 'x-own': '1' } })(
        'https://own.example/x' as never,
        {} as never,
      ),
    );
    expect(made).toMatchObject([{ url: 'https://own.example/x', headers: { 'x-own': '1' } }]);
  });

  it('returns answers with data, content and headers', async () => {
    const { request } = scripted((_call, index) =>
      index === 0
        ? { body: { id: 7 }, headers: { 'content-type': 'application/json', 'X-Left': '9' } }
        : { body: 'plain', headers: { 'content-type': 'text/plain' } },
    );
    let seen: unknown;
    const perform: Perform = async (client) => {
      const one = await client('https://api.example/x');
      const other = await client('https://api.example/x');
      const body = await (one as unknown as { json(): Promise<unknown> }).json();
      const headers = (one.headers as unknown as { toJSON(): object }).toJSON();
      seen = [one.data, one.content, body, headers, one.headers.get('x-left'), other.data];
    };
    await send(definitionOf({ perform }), [item('a')], request);
    expect(seen).toEqual([
      { id: 7 },
      '{"id":7}',
      { id: 7 },
      { 'content-type': 'application/json', 'x-left': '9' },
      '9',
      'plain',
    ]);
  });

  it("throws the framework's own error, unless configured otherwise", async () => {
    const { request } = scripted(() => ({ status: 404, body: { why: 'none' } }));
    const seen: unknown[] = [];
    const perform: Perform = async (client) => {
      const answer = await client('https://api.example/x', { throwHttpErrors: false });
      seen.push(answer.status);
      await client('https://api.example/x').catch((error: unknown) => {
        const { response } = error as { response: { status: number; data: unknown } };
        seen.push(error instanceof framework.HTTPError, response.status, response.data);
      });
    };
    await send(definitionOf({ perform }), [item('a')], request);
    expect(seen).toEqual([404, true, 404, { why: 'none' }]);
  });

  it('follows redirects without carrying credentials elsewhere', async () => {
    const { request, calls: made } = scripted((_call, index) =>
      index < 2
        ? { status: 302, headers: { location: index === 0 ? '/next' : 'https://other.example/end' } }
        : { body: { at: 'end' } },
    );
    let data: unknown;
    const perform: Perform = async (client) => {
      ({ data } = await client('https://api.example/x', {
        method: 'post',
        json: {},
        headers: { authorization: 'a' },
      }));
    };
    await send(definitionOf({ perform }), [item('a')], request);
    expect(made.map(({ method, url, headers }) => [method, url, headers?.['authorization']])).toEqual([
      ['POST', 'https://api.example/x', 'a'],
      ['GET', 'https://api.example/next', 'a'],
      ['GET', 'https://other.example/end', undefined],
    ]);
    expect(data).toEqual({ at: 'end' });
  });
});
