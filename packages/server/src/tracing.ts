import { createHash } from 'node:crypto';
import {
  context,
  ProxyTracerProvider,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import type { Log, OutcomeRow, Settlement, State } from '@waybill/delivery';
import { type Ids, startSdk, type TracingSdk } from './tracing-sdk.ts';

/*
 * One trace follows one event: accept, prepare, send, settle. Its ID, and that of its first span, are derived from the
 * messageId, so that threads need no communication, and the trace of an event can be found.
 */

/** The event of a trace. */
export interface Traced {
  readonly sourceId: string;
  readonly event: { readonly messageId: string };
}

/** Creates spans of events; absent without a collector. */
export interface Tracing {
  /** Creates a span of an event, with start and end in epoch milliseconds. */
  span(name: string, traced: Traced, from: number, to: number, attributes?: Attributes): void;
  /** Flushes waiting spans, and stops. */
  stop(): Promise<void>;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Loads the OpenTelemetry SDK when the environment names a collector. Logs what is missing; never throws. */
export async function startTracing(
  env: (name: string) => string | undefined,
  warn: (message: string) => void,
): Promise<Tracing | undefined> {
  const wanted = env('OTEL_EXPORTER_OTLP_ENDPOINT') ?? env('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const isWanted = wanted !== undefined && wanted !== '';
  const name = env('OTEL_SERVICE_NAME') ?? 'waybill';
  // An embedding process may have its own SDK.
  const sdk = isWanted && currentTracer() === undefined ? await startSdk(name, warn) : undefined;
  const share = Number(env('OTEL_TRACES_SAMPLER_ARG') ?? 1);
  return createTracing(Number.isFinite(share) ? share : 1, sdk);
}

const VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_SAMPLER_ARG',
];

/** Returns the variables for tracing, for the other thread. */
export function tracingVariables(
  env: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => (env(name) === undefined ? [] : [[name, env(name)!]])),
  );
}

/** The name of the root span. */
const FIRST = 'accept';

/** Creates spans with the provider registered in this thread; undefined when there is none. */
export function createTracing(share = 1, sdk?: TracingSdk): Tracing | undefined {
  const tracer = currentTracer();
  if (tracer === undefined) return undefined;
  return {
    span(name, traced, from, to, attributes = {}) {
      const ids = idsOf(traced, share);
      if (ids === undefined) return;
      const about = { 'waybill.message_id': traced.event.messageId, 'waybill.source': traced.sourceId };
      const options = { startTime: from, attributes: about };
      // A foreign SDK chooses the IDs of spans itself: there, even the first span has a parent that is never sent.
      const span =
        name === FIRST && sdk !== undefined
          ? sdk.withIds(ids, () => tracer.startSpan(name, { ...options, root: true }))
          : tracer.startSpan(name, options, below(ids));
      for (const [key, value] of Object.entries(attributes)) {
        if (value !== undefined) span.setAttribute(`waybill.${key}`, value);
      }
      const { status, message } = attributes;
      if (status === 'rejected' || status === 'retry') {
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(message ?? attributes['code'] ?? '') });
      }
      span.end(to);
    },
    stop: async () => sdk?.stop(),
  };
}

function currentTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('waybill');
  return provider.getTracer('waybill');
}

/** Returns the IDs of the trace of an event and its root span; undefined for an unsampled one. */
function idsOf({ sourceId, event }: Traced, share: number): Ids | undefined {
  const hash = createHash('sha256').update(`${sourceId}\0${event.messageId}`).digest();
  if (hash.readUInt32BE(28) / 2 ** 32 >= share) return undefined;
  return { traceId: hash.toString('hex', 0, 16), spanId: hash.toString('hex', 16, 24) };
}

function below(ids: Ids): Context {
  return trace.setSpanContext(context.active(), { ...ids, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/** The maximum number of remembered unsettled events. */
const MOST = 50_000;

/** Wraps a log and a state to create spans of the engine's work. */
export function traceStores(
  stores: { readonly log: Log; readonly state: State },
  tracing: Tracing,
): { readonly log: Log; readonly state: State } {
  const { log, state } = stores;
  const seen = new Map<number, { readonly traced: Traced; readonly readAt: number }>();
  const note = <T extends Traced & { readonly seq: number }>(events: readonly T[]): readonly T[] => {
    const readAt = Date.now();
    for (const traced of events) seen.set(traced.seq, { traced, readAt });
    for (const seq of seen.keys()) {
      if (seen.size <= MOST) break;
      seen.delete(seq);
    }
    return events;
  };
  const spans = (settlement: Settlement, from: number): void => {
    const exchanges = new Map((settlement.exchanges ?? []).map((one) => [one.id, one]));
    const ended = [
      ...(settlement.outcomes ?? []).flatMap(each),
      ...(settlement.retries ?? []).map((row) => ({ ...row, status: 'retry' as const })),
    ];
    for (const row of ended) {
      const known = seen.get(row.seq);
      if (known === undefined) continue;
      const { destination, mappingId: mapping, attempts, code, message } = row;
      const about = { destination, mapping, attempts, status: row.status, code, message };
      const exchange = row.exchangeId === undefined ? undefined : exchanges.get(row.exchangeId);
      tracing.span('prepare', known.traced, known.readAt, exchange?.at ?? from, { destination, mapping });
      if (exchange !== undefined) {
        tracing.span('send', known.traced, exchange.at, exchange.at + exchange.durationMs, {
          ...about,
          url: exchange.request.url,
          http_status: exchange.response?.status,
        });
      }
      tracing.span('settle', known.traced, from, Date.now(), about);
    }
  };
  return {
    log: { ...log, read: async (query) => note(await log.read(query)) },
    state: {
      ...state,
      async settle(settlement) {
        const from = Date.now();
        const answer = await state.settle(settlement);
        if (answer === 'settled') spans(settlement, from);
        return answer;
      },
    },
  };
}

/** Expands a row of a settlement to single events. */
function each(row: OutcomeRow): readonly OutcomeRow[] {
  const { through = row.seq, ...rest } = row;
  return Array.from({ length: through - row.seq + 1 }, (_, index) => ({ ...rest, seq: row.seq + index }));
}
