import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Calls } from './calls.ts';
import { Spoiled, type CallFault, type Faults } from './faults.ts';
import { answer, sentOf, type Sent, type ShopAnswer, type ShopRequest } from './http.ts';
import type { PlatformView } from './view.ts';

/** The most bytes of a request that are read. */
const MAX_READ = 16 * 1024 * 1024;

const PAGE = '<!doctype html><title>Service Unavailable</title><h1>Service Unavailable</h1>';

/** The parts of a server. */
export interface ServerParts {
  readonly view: () => PlatformView;
  readonly faults: Faults;
  readonly calls: Calls;
  /** Answers requests below /_sandbox/. */
  readonly control: (request: ShopRequest) => Promise<ShopAnswer>;
}

/** Creates an HTTP server for a shop. */
export function serve(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    void respond(parts, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      write(response, sentOf(answer({ message: `Sandbox error: ${message}` }, 500)));
    });
  });
  // A pool of idle client connections must not meet a closing socket in the middle of a test.
  server.keepAliveTimeout = 65_000;
  return server;
}

async function respond(
  parts: ServerParts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await read(incoming);
  if (request === undefined) {
    write(response, sentOf(answer({ message: 'The request is too large.' }, 413)));
    return;
  }
  if (request.path.startsWith('/_sandbox/')) {
    write(response, sentOf(await parts.control(request)));
    return;
  }
  const { method, path } = request;
  const fault = parts.faults.pick(method, path, request.query.toString());
  const note = (status: number) =>
    parts.calls.note({
      direction: 'in',
      method,
      path: incoming.url ?? path,
      status,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    });
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  if (fault?.kind === 'drop') {
    note(0);
    response.socket?.resetAndDestroy();
    return;
  }
  const sent = sentOf(await answerOf(parts.view(), request, fault));
  note(fault?.kind === 'half' ? 0 : sent.status);
  if (fault?.kind === 'half') writeHalf(response, sent);
  else write(response, sent);
}

async function answerOf(
  view: PlatformView,
  request: ShopRequest,
  fault: CallFault | undefined,
): Promise<ShopAnswer> {
  const failure = (status: number) => view.failure?.(status) ?? answer({ message: 'Injected fault' }, status);
  const { status = 503, headers = {} } = fault ?? {};
  if (fault?.kind === 'html')
    return answer(PAGE, status, { 'content-type': 'text/html; charset=utf-8', ...headers });
  if (fault?.kind === 'status') {
    const worded = failure(status);
    return { status, body: fault.body ?? worded.body, headers: { ...worded.headers, ...headers } };
  }
  try {
    return await view.handle(request);
  } catch (error) {
    if (error instanceof Spoiled) return failure(500);
    throw error;
  }
}

async function read(incoming: IncomingMessage): Promise<ShopRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_READ) chunks.push(chunk);
  }
  if (size > MAX_READ) return undefined;
  const { host = 'localhost' } = incoming.headers;
  const url = `http://${host}${incoming.url ?? '/'}`;
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    method: incoming.method ?? 'GET',
    url,
    path: (mark < 0 ? url : url.slice(0, mark)).slice(`http://${host}`.length),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function write(response: ServerResponse, { status, headers, body }: Sent): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function writeHalf(response: ServerResponse, { status, headers, body }: Sent): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
