import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerConfig } from '@waybill/server';
import type { Answer } from '../e2e/harness.ts';

/** A server in a separate process, with the sources `shop` (key `demo`) and `other` (key `other`) and without destinations. */
export interface Target {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** Posts to the tracking API with the key `demo`, unless headers say otherwise. */
  post(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Reply>;
  admin(path: string): Promise<Answer>;
  /** Value of a metric without labels, or the sum over its labels. */
  metric(name: string): Promise<number>;
  /** Bytes of memory that are the process's own. */
  memory(): number;
  close(): Promise<void>;
}

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface TargetOptions {
  readonly config?: Partial<Omit<ServerConfig, 'env'>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio?: StdioOptions;
  readonly destinations?: readonly object[];
}

const SOURCES = [
  { id: 'shop', writeKey: 'demo' },
  { id: 'other', writeKey: 'other' },
];

/** Starts a target in a new folder. */
export async function openTarget(options: TargetOptions = {}): Promise<Target> {
  const { config, env, stdio = 'ignore', destinations = [] } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-attack-'));
  const all = { dataDir, port: 0, logLevel: 'silent', ...config };
  const child = fork(
    new URL('target.ts', import.meta.url),
    [JSON.stringify(all), JSON.stringify({ sources: SOURCES, destinations })],
    {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      stdio: [...(Array.isArray(stdio) ? stdio : [stdio, stdio, stdio]), 'ipc'],
      env: { ...process.env, ...env },
    },
  );
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`It ended with ${code}.`))),
  ])) as [{ url: string }];
  const { url } = message;
  const get = (path: string): Promise<Response> =>
    fetch(`${url}${path}`, { headers: { authorization: 'Bearer token' } });
  return {
    url,
    port: Number(new URL(url).port),
    child,
    async post(path, body, headers) {
      const answer = await fetch(`${url}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: basic('demo'), 'content-type': 'application/json', ...headers },
        body: body as string,
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    },
    admin: async (path) => (await get(`/api/${path}`)).json(),
    async metric(name) {
      const text = await (await get('/metrics')).text();
      const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+]+)$`, 'gm'))];
      return values.reduce((sum, match) => sum + Number(match[1]), 0);
    },
    memory: () =>
      Number(/^RssAnon:\s*(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The header of a write key. */
export function basic(key: string): string {
  return `Basic ${btoa(`${key}:`)}`;
}

/** An event that is taken. */
export function good(messageId: string): object {
  return { type: 'track', messageId, userId: 'u1', event: 'Seen' };
}

/** A raw connection: returns what was received when it is closed or `enough` is true. */
export interface Wire {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  heard(): string;
}

/** Opens a connection and writes a string; `from` is the loopback address to connect from. */
export async function wire(port: number, text: string, from = '127.0.0.1'): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  let heard = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => (heard += String(chunk)));
  // A server may cut an attacker off at any time.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await Promise.race([once(socket, 'connect'), closed]);
  if (text !== '') socket.write(text, 'latin1');
  return { socket, closed, heard: () => heard };
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
