import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Api } from './routes/index.ts';
import type { Calls } from './http/calls.ts';
import type { Control } from './control.ts';
import { common, json, type Reply } from './model/errors.ts';
import type { FaultRule, Faults } from './http/faults.ts';
import { page } from './page.ts';
import type { Project } from './model/project.ts';
import { sendWebhooks } from './webhooks.ts';
import type { Json } from './json.ts';
import { strangerOf } from './http/visitors.ts';

/** The parts of a server. */
export interface Parts {
  readonly project: Project;
  readonly api: Api;
  readonly control: Control;
  readonly calls: Calls;
  readonly faults: Faults;
  /** The host to listen on. */
  readonly host: string;
}

/** More than any valid request: the rest is dropped, to bound memory. */
const MAX_READ = 64 * 1024 * 1024;

/** Creates an HTTP server for one project. */
export function serve(parts: Parts): Server {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_READ) chunks.push(chunk);
    });
    request.on('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      if (size > MAX_READ) write(response, common(413, 'BatchTooLarge', 'Request body is too large'));
      else respond(parts, request, body, response);
    });
    request.on('error', () => response.destroy());
  });
  // A pool of idle client connections must not meet a closing socket in the middle of a test.
  server.keepAliveTimeout = 65_000;
  return server;
}

function respond(parts: Parts, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { project } = parts;
  const method = request.method ?? 'GET';
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const stranger = strangerOf(request.headers, parts.host);
  if (stranger !== undefined) {
    write(response, json({ error: stranger }, 403));
    return;
  }
  if (path === '/_sandbox/webhooks' && method === 'POST') {
    void sendWebhooks(parsed(body), project).then((reply) => write(response, reply));
    return;
  }
  if (path.startsWith('/_sandbox/')) {
    write(
      response,
      guarded(() => parts.control.answer(method, path, query, body)),
    );
    return;
  }
  if (path === '/' && method === 'GET') {
    write(
      response,
      guarded(() => page(project, parts.calls)),
    );
    return;
  }
  const answer = () => {
    const key = request.headers['api-key'] ?? request.headers.api_key;
    const { authorization } = request.headers;
    return guarded(() =>
      parts.api.answer({
        method,
        path,
        query,
        key: Array.isArray(key) ? key[0] : key,
        authorization,
        body,
      }),
    );
  };
  const fault = parts.faults.pick(method, path, body, project.random);
  if (fault !== undefined) {
    fail(parts, fault, { method, path, body, answer }, response);
    return;
  }
  const reply = answer();
  parts.calls.note(project.now(), method, path, body, reply);
  write(response, reply);
}

interface Faulty {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly answer: () => Reply;
}

/** Makes a call fail by its rule. */
function fail(parts: Parts, rule: FaultRule, call: Faulty, response: ServerResponse): void {
  const { project, calls } = parts;
  const note = (reply: Reply | undefined) =>
    calls.note(project.now(), call.method, call.path, call.body, reply, rule.kind);
  const later = (act: () => void) => {
    if (rule.delayMs === undefined) act();
    // A delayed answer must not keep a stopped process alive.
    else setTimeout(act, rule.delayMs).unref();
  };
  if (rule.kind === 'half') {
    // A truncated answer was computed, so its write has happened.
    const reply = call.answer();
    note(reply);
    later(() => writeHalf(response, reply));
    return;
  }
  if (rule.kind === 'slow') {
    const early = rule.after === true ? call.answer() : undefined;
    later(() => {
      const reply = early ?? call.answer();
      note(reply);
      write(response, reply);
    });
    return;
  }
  if (rule.after === true) call.answer();
  if (rule.kind === 'status') {
    const reply = statusReply(rule);
    note(reply);
    later(() => write(response, reply));
    return;
  }
  note(undefined);
  if (rule.kind === 'reset') later(() => response.socket?.resetAndDestroy());
  // 'timeout': no answer; with delayMs the connection is closed after that time.
  else if (rule.delayMs !== undefined) later(() => response.destroy());
}

function statusReply(rule: FaultRule): Reply {
  const { status = 500, body } = rule;
  const headers = rule.headers === undefined ? {} : { headers: rule.headers };
  if (typeof body === 'string') return { status, body, type: 'text/plain; charset=utf-8', ...headers };
  if (body !== undefined) return { ...json(body, status), ...headers };
  return {
    ...common(status, status === 429 ? 'RateLimitExceeded' : 'GenericError', 'Injected fault'),
    ...headers,
  };
}

function parsed(body: Buffer): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    return null;
  }
}

/** A bug of the sandbox becomes a 500 of that request. */
function guarded(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    return common(
      500,
      'GenericError',
      `Sandbox error: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function head(reply: Reply, length: number): Record<string, string | number> {
  return { 'content-type': reply.type, 'content-length': length, ...reply.headers };
}

function write(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, head(reply, Buffer.byteLength(reply.body)));
  response.end(reply.body);
}

function writeHalf(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(reply.body);
  response.writeHead(reply.status, head(reply, bytes.length));
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
