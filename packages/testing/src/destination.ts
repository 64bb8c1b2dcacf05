import {
  type ConnectionResult,
  createPipeline,
  type Destination,
  type Event,
  type MappingConfig,
  type Outcome,
  planCalls,
  type ReadyItem,
  type ResolvedDestination,
  resolveDestination,
  type Skipped,
  volatileState,
} from '@waybill/core';
import {
  createRedactor,
  createRequest,
  createTransport,
  secretsIn,
  type Exchange,
  type Redactor,
  type Transport,
} from '@waybill/delivery';
import {
  bodyText,
  type CannedAnswers,
  cannedTransport,
  wireRequest,
  type WireRequest,
} from './http/canned.ts';
import { type FakeClock, fakeClock } from './clock.ts';

/** What a destination is tested with. */
export interface TestDestinationOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Mappings of the instance; the automatic presets when absent. */
  readonly mappings?: readonly MappingConfig[];
  /** Canned answers; a 200 with `{}` for every call when absent. */
  readonly answers?: CannedAnswers;
  /** Really sends every call, to this address instead of the one the action calls. */
  readonly baseUrl?: string;
  /** Really sends every call to where the action calls. */
  readonly live?: boolean;
  /** Hosts that may be called although they are internal addresses; for `live`. */
  readonly allowedHosts?: readonly string[];
  /** What actions take for the time; a fake clock when absent. */
  readonly clock?: Pick<FakeClock, 'now'>;
  /** Reads an environment variable, for settings such as `{ "$env": "NAME" }`. */
  readonly env?: (name: string) => string | undefined;
}

/** One request that was made, with what came back. Secrets are redacted. */
export interface TestRequest extends WireRequest {
  readonly response?: { readonly status: number; readonly body?: unknown };
  /** Why there was no answer. */
  readonly failure?: string;
}

/** What one mapping made of one event. */
export interface TestItem {
  /** Place of the event among those that were run. */
  readonly event: number;
  readonly mapping: string;
  readonly action: string;
  /** What was sent, or what the mapping had made when it was refused. */
  readonly payload?: unknown;
  readonly outcome: Outcome;
  /** The requests that belong to the item; items of one call share them. */
  readonly requests: readonly TestRequest[];
}

/** What became of one event. */
export interface TestEventResult {
  readonly items: readonly TestItem[];
  /** Why no mapping took the event. */
  readonly skipped?: Skipped;
}

/** What became of a run. */
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
  /** Tries the settings, as `testConnection` of the destination does. */
  testConnection(): Promise<ConnectionResult>;
}

/** Settings or mappings that the destination does not take. */
export class TestSetupError extends Error {
  constructor(issues: readonly { readonly path: string; readonly message: string }[]) {
    super(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
    this.name = 'TestSetupError';
  }
}

/**
 * Sets up one instance of a destination for tests. Items run as in delivery, with two differences: calls go one after the
 * other, so that requests have one order, and an item that must be retried does not hold back later ones.
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
  const redactor = createRedactor(secretsIn(destination.settings, settings));
  const wire = wireOf(options);
  const instance = destination.open?.(settings, volatileState());

  const recorder = (): {
    request: ReturnType<typeof createRequest>['request'];
    requests: () => TestRequest[];
  } => {
    const bodies: (string | undefined)[] = [];
    const transport: Transport = {
      send(call) {
        bodies.push(bodyText(call.body));
        return wire.send(call);
      },
      close: () => undefined,
    };
    const { request, exchanges } = createRequest({ transport, redactor, now: clock.now });
    return {
      request,
      requests: () =>
        exchanges.map((exchange, index) => {
          // Bodies of the record are cut; a test wants to compare whole ones.
          const body = bodies.length === exchanges.length ? bodies[index] : exchange.request.body;
          return toRequest(exchange, body === undefined ? undefined : redactor.text(body));
        }),
    };
  };

  return {
    resolved,
    async run(given, { attempt = 1 } = {}) {
      const events = Array.isArray(given) ? (given as readonly Event[]) : [given as Event];
      const results: { items: TestItem[]; skipped?: Skipped }[] = [];
      const ready: (ReadyItem & { readonly at: number; readonly place: number })[] = [];
      for (const [at, event] of events.entries()) {
        const prepared = pipeline.prepare(event);
        results.push({ items: [], ...('skipped' in prepared ? { skipped: prepared.skipped } : {}) });
        for (const [place, { mappingId }] of prepared.items.entries()) {
          const item = pipeline.prepareOne(event, mappingId, attempt);
          if (item.kind === 'ready') ready.push({ ...item, at, place });
          else {
            results[at]!.items[place] = {
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
      for (const { rule, items } of planCalls(ready).flat()) {
        const record = recorder();
        const context = Object.freeze({ settings, request: record.request, now: clock.now, instance });
        const outcomes = await pipeline.send(items, context);
        const requests = record.requests();
        all.push(...requests);
        for (const [index, { at, place, mappingId, item }] of items.entries()) {
          const outcome = clean(outcomes[index]!, redactor);
          const own = outcome.status === 'skipped' ? undefined : outcome.exchanges;
          results[at]!.items[place] = {
            event: at,
            mapping: mappingId,
            action: rule.action,
            payload: item.payload,
            outcome,
            requests: own === undefined ? requests : own.flatMap((one) => requests[one] ?? []),
          };
        }
      }
      return { events: results, items: results.flatMap(({ items }) => items), requests: all };
    },
    async testConnection() {
      if (destination.testConnection === undefined) return { ok: true, message: 'There is nothing to try.' };
      return destination.testConnection({
        settings,
        request: recorder().request,
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

/** A destination may repeat the credentials in its words; delivery takes them out, and so does this. */
function clean(outcome: Outcome, redactor: Redactor): Outcome {
  if (outcome.status !== 'delivered') return { ...outcome, message: redactor.text(outcome.message) };
  return outcome.note === undefined ? outcome : { ...outcome, note: redactor.text(outcome.note) };
}
