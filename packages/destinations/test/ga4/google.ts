import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as Google received it. */
export interface Collected {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
}

interface Body {
  readonly client_id?: string;
  readonly timestamp_micros?: number;
  readonly events: readonly { readonly name: string; readonly params?: Readonly<Record<string, unknown>> }[];
}

/**
 * A small Google Analytics: it records everything, and its debug endpoint reports what is wrong. Written from the published
 * rules alone.
 */
export interface Google {
  readonly url: string;
  readonly collected: readonly Collected[];
  close(): Promise<void>;
}

/** Opens one on a free port. */
export async function openGoogle(): Promise<Google> {
  const collected: Collected[] = [];
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const url = new URL(request.url!, 'http://google');
      const body = JSON.parse(text) as Body;
      collected.push({ path: url.pathname, query: Object.fromEntries(url.searchParams), body });
      if (url.pathname === '/mp/collect') return response.writeHead(204).end();
      if (url.pathname !== '/debug/mp/collect') return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ validationMessages: messagesOf(body) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    collected,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function messagesOf({ client_id: client, timestamp_micros: micros, events }: Body): readonly object[] {
  const found: object[] = [];
  const say = (fieldPath: string, validationCode: string, description: string): void =>
    void found.push({ fieldPath, description, validationCode });
  if (client === undefined) say('client_id', 'VALUE_REQUIRED', 'Measurement requires a client_id.');
  if (micros !== undefined && Date.now() - micros / 1_000 > 72 * 3_600_000)
    say('timestamp_micros', 'VALUE_OUT_OF_BOUNDS', 'Measurement timestamp is too old.');
  if (events.length > 25) say('events', 'EXCEEDED_MAX_ENTITIES', 'Too many events.');
  for (const { name, params = {} } of events) {
    if (!/^[A-Za-z]\w{0,39}$/.test(name)) say('events', 'NAME_INVALID', `Event has invalid name [${name}].`);
    if (name === 'session_start') say('events', 'NAME_RESERVED', `Event has reserved name [${name}].`);
    for (const [key, value] of Object.entries(params)) {
      if (!/^[A-Za-z]\w{0,39}$/.test(key)) say(`events.${key}`, 'NAME_INVALID', `Invalid name [${key}].`);
      if (typeof value === 'string' && value.length > 100)
        say(`events.${key}`, 'VALUE_INVALID', `Value of [${key}] is too long.`);
    }
    if ('value' in params && !('currency' in params))
      say('events.params', 'VALUE_REQUIRED', 'A value requires a currency.');
  }
  return found;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
