import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, createClient, type Client } from '@waybill/api';

interface Seen {
  readonly request: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let client: Client;
let seen: Seen[] = [];
let answer: { status: number; text: string; headers?: Record<string, string> } = { status: 200, text: '[]' };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      seen.push({ request: `${request.method} ${request.url}`, headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
});

afterAll(() => {
  server.close();
});

const failureOf = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => error as ApiError,
  );

describe('the client', () => {
  it('of a browser sends the proof of its origin, and no token', async () => {
    seen = [];
    answer = { status: 200, text: '[]' };
    const { port } = server.address() as AddressInfo;
    let csrf: string | undefined = undefined;
    const page = createClient(`http://127.0.0.1:${port}`, { csrf: () => csrf });
    await page.get('/api/sources');
    csrf = 'proof';
    await page.get('/api/sources');
    const sent = seen.map(({ headers }) => [headers.authorization, headers['x-csrf-token']]);
    expect(sent).toEqual([
      [undefined, undefined],
      [undefined, 'proof'],
    ]);
  });

  it('fills the path, the query and the body, and sends the token', async () => {
    seen = [];
    answer = { status: 200, text: '[{"id":1}]' };
    const letters = await client.get('/api/dead-letters', { query: { user: 'a&b', limit: 2 } });
    await client.get('/api/events/:id', { params: { id: 'a/b c' } });
    await client.post('/api/replays', { body: { from: 0, destination: 'shop' } });
    expect(letters[0]?.id).toBe(1);
    expect(seen.map(({ request, body }) => [request, body])).toEqual([
      ['GET /api/dead-letters?user=a%26b&limit=2', ''],
      ['GET /api/events/a%2Fb%20c', ''],
      ['POST /api/replays', '{"from":0,"destination":"shop"}'],
    ]);
    expect(seen[0]?.headers.authorization).toBe('Bearer token');
  });

  it('returns the version of an answer, and sends the base version of a change', async () => {
    seen = [];
    answer = { status: 200, text: '{}', headers: { etag: '"7"' } };
    const { version } = await client.call('GET /api/workspace');
    const body = { sources: [], destinations: [] };
    await client.put('/api/workspace', { body, ifMatch: version ?? '*' });
    await client.put('/api/workspace', { body, ifMatch: '*' });
    expect(seen.slice(1).map(({ headers }) => headers['if-match'])).toEqual(['"7"', '*']);
  });

  it('returns nothing for a route without an answer', async () => {
    answer = { status: 204, text: '' };
    const gone = await client.delete('/api/sources/:id', { params: { id: 'shop' }, ifMatch: 1 });
    expect(gone).toBeUndefined();
  });

  it('throws the code, the status and the remedy of the server', async () => {
    const error = { code: 'request_invalid', message: 'No.', remedy: 'Do.', issues: [] };
    answer = { status: 400, text: JSON.stringify({ success: false, error }) };
    const refused = await failureOf(client.get('/api/stats'));
    expect(refused).toBeInstanceOf(ApiError);
    expect({ ...refused }).toMatchObject({ code: 'request_invalid', status: 400, remedy: 'Do.', issues: [] });
  });

  it('reports a server that is not Waybill, and one that is not reachable', async () => {
    answer = { status: 200, text: '<html>' };
    expect(await failureOf(client.get('/api/stats'))).toMatchObject({
      code: 'server_unreadable_answer',
      status: 200,
    });
    answer = { status: 500, text: '{"error":"?"}' };
    expect(await failureOf(client.get('/api/stats'))).toMatchObject({ code: 'server_unreadable_answer' });
    const nowhere = createClient('http://127.0.0.1:1', 'token');
    expect(await failureOf(nowhere.get('/api/stats'))).toMatchObject({
      code: 'server_unreachable',
      status: undefined,
    });
  });

  it('gives up on a server that does not answer', async () => {
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(new Error('late'))),
      );
    const waiting = createClient('http://127.0.0.1:1', 'token', { fetch: hanging, timeout: 5 });
    expect(await failureOf(waiting.get('/api/stats'))).toMatchObject({ code: 'server_unreachable' });
  });

  it('checks the types of route parameters: these do not compile', () => {
    const wrong = [
      // @ts-expect-error there is no such route
      () => client.get('/api/nothing'),
      // @ts-expect-error the path has a parameter
      () => client.get('/api/events/:id'),
      // @ts-expect-error there is no such parameter
      () => client.get('/api/events', { query: { limits: 1 } }),
      // @ts-expect-error a member of the body is missing
      () => client.post('/api/delivery/resume', { body: {} }),
    ];
    expect(wrong.length).toBe(4);
  });
});
