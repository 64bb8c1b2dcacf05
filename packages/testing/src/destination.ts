import {
  type ConnectionResult,
  createPipeline,
  type Destination,
  type Event,
  type MappingConfig,
  type Outcome,
  planCalls,
  type ResolvedDestination,
  resolveDestination,
  type Skipped,
  volatileState,
} from '@waybill/core';
import {
  type CallResult,
  createLaneMemory,
  createRedactor,
  createRequest,
  createTransport,
  secretsOf,
  type Exchange,
  makeCall,
  type RecordedRequest,
  toWork,
  type Transport,
  type Work,
} from '@waybill/delivery';
import {
  bodyText,
  type CannedAnswers,
  cannedTransport,
  wireRequest,
  type WireRequest,
} from './http/canned.ts';
import { type FakeClock, fakeClock } from './clock.ts';

/** Options of a test destination. */
export interface TestDestinationOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Mappings of the instance; the automatic presets when absent. */
  readonly mappings?: readonly MappingConfig[];
  /** Canned answers; a 200 with `{}` for every call when absent. */
  readonly answers?: CannedAnswers;
  /** Sends every call for real, to this address instead of the action's. */
  readonly baseUrl?: string;
  /** Sends every call for real, to the action's address. */
  readonly live?: boolean;
  /** Hosts that may be called despite internal addresses; for `live`. */
  readonly allowedHosts?: readonly string[];
  /** The clock of actions; a fake clock when absent. */
  readonly clock?: Pick<FakeClock, 'now'>;
  /** Reads an environment variable, for settings such as `{ "$env": "NAME" }`. */
  readonly env?: (name: string) => string | undefined;
}

/** A request with its answer. Secrets are redacted. */
export interface TestRequest extends WireRequest {
  readonly response?: { readonly status: number; readonly body?: unknown };
  /** Why there was no answer. */
  readonly failure?: string;
}

/** The result of one mapping for one event. */
export interface TestItem {
  /** Index of the event in the run. */
  readonly event: number;
  readonly mapping: string;
  readonly action: string;
  /** The sent or rejected payload. */
  readonly payload?: unknown;
  readonly outcome: Outcome;
  /** The requests of the item; items of one call share them. */
  readonly requests: readonly TestRequest[];
}

/** The results of one event. */
export interface TestEventResult {
  readonly items: readonly TestItem[];
  /** Why no mapping matched the event. */
  readonly skipped?: Skipped;
}

/** The results of a run. */
export interface TestRun {
  /** One entry per event, in their order. */
  readonly events: readonly TestEventResult[];
  /** All items, by event, then by mapping. */
  readonly items: readonly TestItem[];
  /** Every request of the run once, in the order they were made. */
  readonly requests: readonly TestRequest[];
}

/** A destination that can be run without a server. */
export interface TestDestination {
  readonly resolved: ResolvedDestination;
  /** Runs events through the real pipeline: trigger, mapping, validation, identity, plan, send. */
  run(events: Event | readonly Event[], options?: { readonly attempt?: number }): Promise<TestRun>;
  /** Tests the settings with `testConnection` of the destination. */
  testConnection(): Promise<ConnectionResult>;
}

/** Settings or mappings that the destination refuses. */
export class TestSetupError extends Error {
  constructor(issues: readonly { readonly path: string; readonly message: string }[]) {
    super(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
    this.name = 'TestSetupError';
  }
}

/**
 * Creates an instance of a destination for tests. Calls are the engine's own, with these differences: calls go one after the
 * other, so that requests have one order, an item that must be retried does not hold back
 * later ones, and everything is sent, whether or not it has changed or belongs to another owner.
 */
export function createTestDestination(
  destination: Destination,
  options: TestDestinationOptions = {},
): TestDestination {
  const clock = options.clock ?? fakeClock();
  const resolved = resolve(destination, options);
  const { settings, mappings } = resolved;
  const pipeline = createPipeline({ destination, settings, mappings });
  const actions = new Map(mappings.map(({ id, action }) => [id, action]));
  const redactor = createRedactor(secretsOf(resolved));
  const wire = wireOf(options);
  const instance = destination.open?.(settings, volatileState());
  // No store: remembered values stay staged between runs.
  const memory = createLaneMemory({ recall: async (_, places) => places.map(() => undefined) }, resolved.id);

  const recorder = (): {
    recorded: RecordedRequest;
    toRequests: (made: CallResult['exchanges']) => TestRequest[];
  } => {
    const bodies: (string | undefined)[] = [];
    const transport: Transport = {
      send(call) {
        bodies.push(bodyText(call.body));
        return wire.send(call);
      },
      close: () => undefined,
    };
    return {
      recorded: createRequest({ transport, redactor, now: clock.now }),
      toRequests: (made) =>
        made.map(({ exchange }, index) => {
          // Recorded bodies are cut; tests compare complete ones.
          const body = bodies.length === made.length ? bodies[index] : exchange.request.body;
          return toRequest(exchange, body === undefined ? undefined : redactor.text(body));
        }),
    };
  };

  return {
    resolved,
    async run(given, { attempt = 1 } = {}) {
      const events = Array.isArray(given) ? (given as readonly Event[]) : [given as Event];
      const results: { items: TestItem[]; skipped?: Skipped }[] = [];
      const works: Work[] = [];
      for (const [at, event] of events.entries()) {
        const prepared = pipeline.prepare(event);
        results.push({ items: [], ...('skipped' in prepared ? { skipped: prepared.skipped } : {}) });
        for (const [position, { mappingId, user }] of prepared.items.entries()) {
          const item = pipeline.prepareOne(event, mappingId, attempt);
          if (item.kind === 'ready') {
            const logged = { seq: at, event, sourceId: 'test' };
            works.push(toWork({ logged, mappingId, position, user, attempts: attempt - 1 }, item));
          } else {
            results[at]!.items[position] = {
              event: at,
              mapping: mappingId,
              action: actions.get(mappingId)!,
              ...(item.payload === undefined ? {} : { payload: item.payload }),
              outcome: item.outcome,
              requests: [],
            };
          }
        }
      }

      const all: TestRequest[] = [];
      for (const { rule, items } of planCalls(works).flat()) {
        const { recorded, toRequests } = recorder();
        const { sent, exchanges } = await makeCall(rule.action, items, {
          pipeline,
          settings,
          instance,
          now: clock.now,
          createRequest: () => recorded,
          exchangeIds: () => Promise.resolve(all.length),
          redactor,
          memory,
          filter: undefined,
        });
        all.push(...toRequests(exchanges));
        for (const { work, outcome, exchangeIds } of sent) {
          results[work.logged.seq]!.items[work.position] = {
            event: work.logged.seq,
            mapping: work.mappingId,
            action: rule.action,
            payload: work.item.payload,
            outcome,
            requests: exchangeIds.map((id) => all[id]!),
          };
        }
      }
      return { events: results, items: results.flatMap(({ items }) => items), requests: all };
    },
    async testConnection() {
      if (destination.testConnection === undefined) return { ok: true, message: 'There is nothing to test.' };
      return destination.testConnection({
        settings,
        request: recorder().recorded.request,
        now: clock.now,
        instance,
      });
    },
  };
}

function resolve(destination: Destination, options: TestDestinationOptions): ResolvedDestination {
  const result = resolveDestination(
    {
      id: 'under-test',
      type: destination.slug,
      settings: options.settings ?? {},
      ...(options.mappings === undefined ? {} : { mappings: options.mappings }),
    },
    { destinations: [destination], env: options.env ?? (() => undefined) },
  );
  if (!result.ok) throw new TestSetupError(result.issues);
  return result.value;
}

function wireOf(options: TestDestinationOptions): Pick<Transport, 'send'> {
  const { baseUrl } = options;
  if (baseUrl === undefined) {
    if (options.live !== true) return cannedTransport(options.answers).transport;
    return createTransport({ allowedHosts: options.allowedHosts ?? [] });
  }
  const base = new URL(baseUrl);
  const transport = createTransport({ allowedHosts: [base.host] });
  return {
    send(call) {
      const url = new URL(call.url);
      const prefix = base.pathname.replace(/\/$/, '');
      return transport.send({ ...call, url: new URL(`${base.origin}${prefix}${url.pathname}${url.search}`) });
    },
  };
}

function toRequest(exchange: Exchange, body: string | undefined): TestRequest {
  const { method, url, headers } = exchange.request;
  const { response, failure } = exchange;
  const answer = response === undefined ? undefined : wireRequest('', '', {}, response.body).body;
  return {
    ...wireRequest(method, url, headers, body),
    ...(response === undefined
      ? {}
      : { response: { status: response.status, ...(answer === '' ? {} : { body: answer }) } }),
    ...(failure === undefined ? {} : { failure }),
  };
}
