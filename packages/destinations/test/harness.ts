import {
  createPipeline,
  type Destination,
  type DestinationConfig,
  type Event,
  type HttpCall,
  type HttpResponse,
  type Memory,
  type Outcome,
  type Pipeline,
  planCalls,
  type ReadyItem,
  type Request,
  resolveDestination,
  type SendContext,
} from '@waybill/core';

/** The result of one event in one mapping. */
export interface Played {
  readonly messageId: string;
  readonly mapping: string;
  readonly outcome: Outcome;
}

/** The set-up of a destination under test. */
export interface Stage {
  readonly destination: Destination;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly mappings?: NonNullable<DestinationConfig['mappings']>;
  readonly request: Request;
  readonly attempt?: number;
  readonly memory?: Memory;
  readonly now?: () => number;
}

/** Runs events on one instance, which keeps its state between runs. */
export type Player = (events: readonly Event[], attempt?: number) => Promise<readonly Played[]>;

/** Runs events through the real pipeline: trigger, mapping, validation, identity, plan, send. */
export async function play(stage: Stage, events: readonly Event[]): Promise<readonly Played[]> {
  return createPlayer(stage)(events, stage.attempt);
}

/** One instance of a destination, compiled. */
export function createPlayer(stage: Stage): Player {
  const { destination, request, memory } = stage;
  const resolved = resolveDestination(
    {
      id: 'under-test',
      type: destination.slug,
      settings: stage.settings,
      ...(stage.mappings === undefined ? {} : { mappings: stage.mappings }),
    },
    { destinations: [destination], env: () => undefined },
  );
  if (!resolved.ok)
    throw new Error(resolved.issues.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const { settings, mappings } = resolved.value;
  const pipeline = createPipeline({ destination, settings, mappings });
  const context = {
    settings,
    request,
    now: stage.now ?? Date.now,
    ...(memory === undefined ? {} : { memory }),
  };
  return (events, attempt = 1) => run(pipeline, context, events, attempt);
}

async function run(
  pipeline: Pipeline,
  context: SendContext,
  events: readonly Event[],
  attempt: number,
): Promise<readonly Played[]> {
  const ended: Played[] = [];
  const ready: ReadyItem[] = [];
  for (const event of events) {
    for (const { mappingId } of pipeline.prepare(event).items) {
      const item = pipeline.prepareOne(event, mappingId, attempt);
      if (item.kind === 'ready') ready.push(item);
      else ended.push({ messageId: event.messageId, mapping: mappingId, outcome: item.outcome });
    }
  }
  for (const calls of planCalls(ready)) {
    const answers = await Promise.all(
      calls.map(async ({ items }) => ({ items, outcomes: await pipeline.send(items, context) })),
    );
    for (const { items, outcomes } of answers) {
      for (const [index, { item, mappingId }] of items.entries()) {
        ended.push({ messageId: item.event.messageId, mapping: mappingId, outcome: outcomes[index]! });
      }
    }
  }
  const order = new Map(events.map(({ messageId }, index) => [messageId, index]));
  return ended.sort((one, other) => order.get(one.messageId)! - order.get(other.messageId)!);
}

let made = 0;

/** An event as stored in the log. */
export function event(members: Partial<Event> & Pick<Event, 'type'>): Event {
  made += 1;
  return {
    messageId: `message-${made}`,
    timestamp: '2026-03-01T10:00:00.000Z',
    receivedAt: '2026-03-01T10:00:01.000Z',
    ...members,
  };
}

/** Creates a `Request` over the network. */
export function overHttp(): Request {
  let exchange = -1;
  return async (call) => {
    exchange += 1;
    const number = exchange;
    const url = new URL(call.url);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
    try {
      const response = await fetch(url, {
        method: call.method ?? 'GET',
        headers: {
          ...call.headers,
          ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      });
      return answer(response.status, await response.text(), number, Object.fromEntries(response.headers));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failure', ok: false, code: 'destination_unreachable', message, exchange: number };
    }
  };
}

/** A scripted answer: a status and a body, text or JSON. */
export type Scripted = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** Creates a `Request` that answers from a function and records every call. */
export function scripted(reply: (call: HttpCall, index: number) => Scripted | 'unreachable'): {
  readonly request: Request;
  readonly calls: HttpCall[];
} {
  const calls: HttpCall[] = [];
  return {
    calls,
    request: (call) => {
      const exchange = calls.push(call) - 1;
      const said = reply(call, exchange);
      if (said === 'unreachable') {
        return Promise.resolve({
          kind: 'failure',
          ok: false,
          code: 'destination_unreachable',
          message: 'connect ECONNREFUSED',
          exchange,
        });
      }
      const [status, body, headers = {}] = said;
      return Promise.resolve(
        answer(status, typeof body === 'string' ? body : JSON.stringify(body), exchange, headers),
      );
    },
  };
}

function answer(
  status: number,
  text: string,
  exchange: number,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { kind: 'response', ok: status >= 200 && status < 300, status, headers, text, body, exchange };
}
