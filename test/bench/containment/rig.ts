import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERVER_ENV, SERVER_FLAGS } from '@waybill/server/process';
import { type Child, startChild } from '../children.ts';
import { processorTime } from '../bare-processes.ts';
import { join } from 'node:path';

/** Processor microseconds of the server and of the process of its module. */
export interface Used {
  readonly server: number;
  readonly module: number;
}

/** A server with a module, and what is measured of it. */
export interface Rig {
  /** Takes in events as a sender does, in requests of 500. */
  accept(from: number, count: number): Promise<void>;
  /** Has a destination deliver its waiting items and nothing else. */
  deliver(id: string): Promise<void>;
  /** What was delivered in all, by destination. */
  delivered(): Promise<Readonly<Record<string, number>>>;
  /** The resources used so far; the server is idle. */
  used(): Promise<Used>;
  stop(): Promise<void>;
}

const PER_REQUEST = 500;

/** Returns the data about the user of an event. */
export const personOf = (number: number) => ({
  userId: `user-${number % 5_000}`,
  properties: { order_id: `o-${number}`, total: number / 3, note: 'x'.repeat(200) },
});

interface Stats {
  readonly destinations: readonly { readonly destination: string; readonly delivered: number }[];
  readonly modules: readonly { readonly pid?: number }[];
}

/** Starts a server as `waybill start` does; `lanes` are destinations of the module, or Waybill's own, with the address that each calls. */
export async function startRig(
  folder: string,
  module: string,
  lanes: readonly { readonly id: string; readonly type: string; readonly apiUrl: string }[],
): Promise<Rig> {
  const workspace = {
    sources: [{ id: 'shop', writeKey: 'demo' }],
    destinations: lanes.map(({ id, type, apiUrl }) => {
      return { id, type, enabled: false, settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl } };
    }),
  };
  const hosts = lanes.map(({ apiUrl }) => new URL(apiUrl).host).join(',');
  const script = join(import.meta.dirname, 'serve.mjs');
  const args = [join(folder, 'data'), module, hosts, JSON.stringify(workspace)];
  const server: Child = await startChild(script, args, [...process.execArgv, ...SERVER_FLAGS], SERVER_ENV);
  const call = async (path: string, method: string, body: unknown): Promise<unknown> => {
    const authorization = path.startsWith('v1/') ? `Basic ${btoa('demo:')}` : 'Bearer token';
    const headers = { 'content-type': 'application/json', authorization, 'if-match': '*' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${server.first.url}/${path}`, { method, headers, ...sent });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const stats = async (): Promise<Stats> => (await call('api/stats', 'GET', undefined)) as Stats;
  return {
    async accept(from, count) {
      for (let at = from; at < from + count; at += PER_REQUEST) {
        const batch = Array.from({ length: Math.min(PER_REQUEST, from + count - at) }, (_, one) => {
          const messageId = `${Date.now()}-${at + one}`;
          return { type: 'track', event: 'Seen', messageId, ...personOf(at + one) };
        });
        await call('v1/batch', 'POST', { batch });
      }
    },
    async deliver(id) {
      await call(`api/destinations/${id}`, 'PATCH', { enabled: true });
      await server.ask('used');
      await call(`api/destinations/${id}`, 'PATCH', { enabled: false });
    },
    async delivered() {
      const { destinations } = await stats();
      return Object.fromEntries(destinations.map(({ destination, delivered }) => [destination, delivered]));
    },
    async used() {
      const { modules } = await stats();
      const { microseconds } = await server.ask<{ microseconds: number }>('used');
      const pids = modules.flatMap(({ pid }) => pid ?? []);
      return { server: microseconds, module: pids.reduce((sum, pid) => sum + processorTime(pid), 0) };
    },
    stop() {
      const ended = new Promise<void>((resolve) => server.process.once('exit', () => resolve()));
      server.process.send('stop');
      return ended;
    },
  };
}

/** An Iterable that accepts everything and records its requests. */
export interface Recorder {
  readonly url: string;
  /** Each event with the method, address and headers of its request, in the order of their text: how events share requests is up to the pace. */
  asked(): readonly string[];
  close(): void;
}

/** Starts a recorder. */
export async function startRecorder(): Promise<Recorder> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const { events, ...beside } = (body === '' ? {} : JSON.parse(body)) as { events?: readonly unknown[] };
    const { host: _, 'content-length': _length, ...headers } = request.headers;
    const about = JSON.stringify([request.method, request.url, headers, beside]);
    asked.push(...(events ?? ['']).map((event) => `${about} ${JSON.stringify(event)}`));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ successCount: events?.length ?? 0, failCount: 0 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: () => asked.toSorted(), close: () => server.close() };
}
