import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TryInput } from '@waybill/definitions';
import { openSite, type Site } from '@waybill/server';
import { createTestEvent, testEventNames } from '@waybill/testing';
import { FILES, isFile, refusalOf } from './guard.ts';
import { type ModuleHost, openModuleHost } from './module-host.ts';
import type { ThreadData } from './protocol.ts';

/** A page for a destination under development. */
export interface PageServer {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly host: ModuleHost;
  stop(): Promise<void>;
}

/** The maximum bytes of a call of the page. */
const MOST = 1_000_000;

/** Serves the page for a destination, on this machine only. */
export async function servePage(data: ThreadData, port: number): Promise<PageServer> {
  const site = openSite('serve.html');
  if (site === undefined) throw new Error('The page was not built. Run "npm run build".');
  const host = openModuleHost(data);
  const token = randomBytes(24).toString('base64url');
  let bound = port;

  const server = createServer((request, response) => {
    const refusal = refusalOf(request, bound, token);
    if (refusal !== undefined) {
      send(response, refusal.status, { error: refusal.message });
      return;
    }
    route(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) send(response, 400, { error: message });
      else response.end();
    });
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = request.method === 'GET' && isFile(path) ? site!.file(path.slice(FILES.length)) : undefined;
    if (file !== undefined) {
      response.writeHead(200, { 'content-type': file.type, 'x-content-type-options': 'nosniff' });
      response.end(file.plain);
      return;
    }
    switch (`${request.method} ${path}`) {
      case 'GET /':
        sendPage(response, site!, token);
        return;
      case 'GET /api/destination':
        await host.ready();
        send(response, 200, { version: host.version, ...host.state });
        return;
      case 'GET /api/events':
        send(response, 200, { names: testEventNames });
        return;
      case 'POST /api/event': {
        const { name } = (await body(request)) as { name?: unknown };
        send(response, 200, createTestEvent(String(name)));
        return;
      }
      case 'POST /api/try':
        send(response, 200, await host.ask({ kind: 'try', input: (await body(request)) as TryInput }));
        return;
      case 'POST /api/connection': {
        const { settings } = (await body(request)) as Pick<TryInput, 'settings'>;
        send(response, 200, await host.ask({ kind: 'connection', settings }));
        return;
      }
      case 'GET /api/changes':
        follow(response, host);
        return;
      default:
        send(response, 404, { error: 'There is nothing here.' });
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch(async (error: unknown) => {
    await host.stop();
    throw error;
  });
  bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/`,
    port: bound,
    token,
    host,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await host.stop();
    },
  };
}

function sendPage(response: ServerResponse, site: Site, token: string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': `default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
  response.end(site.page.replaceAll('{{nonce}}', nonce).replaceAll('{{token}}', token));
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(value));
}

/** Streams every load to the page. */
function follow(response: ServerResponse, host: ModuleHost): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const tell = (): void => {
    if (host.state.kind !== 'loading') response.write(`data: ${host.version}\n\n`);
  };
  tell();
  const stop = host.onChange(tell);
  response.on('close', stop);
}

async function body(request: IncomingMessage): Promise<unknown> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    throw new Error('The body must be JSON.');
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST) throw new Error('The body is too large.');
    parts.push(part);
  }
  const value = JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  if (typeof value !== 'object' || value === null) throw new Error('The body must be a JSON object.');
  return value;
}
