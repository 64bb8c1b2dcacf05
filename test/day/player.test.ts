import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playDay, readDay, type DayEvent } from './player.ts';

type Received = Record<string, unknown> & { messageId: string };
interface Request {
  url: string | undefined;
  authorization: string | undefined;
  batch: Received[];
}

let server: Server;
let host: string;
let requests: Request[];
let status: number;

beforeEach(async () => {
  requests = [];
  status = 200;
  server = createServer((request, response) => {
    void read(request).then((body) => {
      const { batch } = JSON.parse(body) as { batch: Received[] };
      requests.push({ url: request.url, authorization: request.headers.authorization, batch });
      // The slower the earlier: a player that does not wait would be overtaken by its own later requests.
      setTimeout(() => response.writeHead(status).end('{}'), requests.length === 1 ? 60 : 0);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((done) => server.close(done)));

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  return body;
}

const received = () => requests.flatMap(({ batch }) => batch);

describe('playDay', () => {
  it('sends the whole day, in order, to the batch endpoint with the write key', async () => {
    const day = readDay();
    expect(await playDay({ host, writeKey: 'demo' })).toEqual({ sent: day.length, failed: [] });

    expect(received().map(({ messageId }) => messageId)).toEqual(day.map(({ messageId }) => messageId));
    expect(requests).toHaveLength(Math.ceil(day.length / 20));
    for (const { url, authorization } of requests)
      expect([url, authorization]).toEqual(['/v1/batch', `Basic ${btoa('demo:')}`]);
  });

  it('sends each line unchanged, without the notes for the reader', async () => {
    const day = readDay();
    await playDay({ host, writeKey: 'demo', events: day });
    expect(day).toEqual(readDay());

    for (const [index, event] of day.entries()) {
      const { comment: _comment, expect: _expect, context, ...call } = event;
      const { context: sentContext, properties, ...sent } = received()[index]!;
      const library = { name: '@segment/analytics-node', version: expect.any(String) };
      expect(sentContext).toEqual({ ...context, library });
      expect(sent).not.toHaveProperty('comment');
      expect(sent).not.toHaveProperty('expect');
      // The library repeats a page's category among its properties.
      const repeated = event.type === 'page' ? { category: event.category } : {};
      expect({ ...sent, properties }).toMatchObject(
        'properties' in call ? { ...call, properties: { ...call.properties, ...repeated } } : call,
      );
    }
  });

  it('plays a part of the day, in requests of the requested size', async () => {
    const result = await playDay({ host, writeKey: 'demo', from: 10, to: 25, flushEvery: 4 });
    expect(result).toEqual({ sent: 15, failed: [] });
    expect(requests.map(({ batch }) => batch.length)).toEqual([4, 4, 4, 3]);
    expect(received()[0]!.messageId).toBe(readDay()[10]!.messageId);
  });

  it('reports the refusals of the server', async () => {
    status = 400;
    const { sent, failed } = await playDay({ host, writeKey: 'demo', from: 0, to: 3 });
    expect(sent).toBe(0);
    expect(failed).toEqual(
      ['day-0001', 'day-0002', 'day-0003'].map((messageId) => ({ messageId, reason: '[400] Bad Request' })),
    );
  });

  it('reports the refusals of the tracking library, and sends the rest', async () => {
    const timestamp = '2026-03-14T08:00:00.000Z';
    const events: DayEvent[] = [
      { type: 'identify', messageId: 'nobody', timestamp, traits: {} },
      { type: 'identify', messageId: 'somebody', timestamp, userId: 'u-1', traits: {} },
    ];
    const { sent, failed } = await playDay({ host, writeKey: 'demo', events });
    expect(sent).toBe(1);
    expect(failed.map(({ messageId }) => messageId)).toEqual(['nobody']);
    expect(received().map(({ messageId }) => messageId)).toEqual(['somebody']);
  });
});
