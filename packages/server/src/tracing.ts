import { createHash } from 'node:crypto';
import {
  context,
  ProxyTracerProvider,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import type { Log, OutcomeRow, Settlement, State } from '@waybill/delivery';

/*
 * One trace follows one event: accept, read, send, settle. Its id is made of the messageId, so that the threads need
 * tell each other nothing, and whoever knows an event finds its trace.
 */

/** An event as a trace names it. */
export interface Traced {
  readonly sourceId: string;
  readonly event: { readonly messageId: string };
}

/** Spans of events; there is none while nobody collects them. */
export interface Tracing {
  /** One span of an event, with its begin and end in epoch milliseconds. */
  span(name: string, traced: Traced, from: number, to: number, attributes?: Attributes): void;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Loads the OpenTelemetry SDK when the environment names a collector. Says what is missing; never throws. */
export async function startTracing(
  env: (name: string) => string | undefined,
  warn: (message: string) => void,
): Promise<Tracing | undefined> {
  const wanted = env('OTEL_EXPORTER_OTLP_ENDPOINT') ?? env('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (wanted !== undefined && wanted !== '' && currentTracer() === undefined) {
    // An optional package: a name in a variable is not looked for when Waybill is built.
    const name: string = '@opentelemetry/sdk-node';
    try {
      const { NodeSDK } = (await import(name)) as { NodeSDK: new (options: object) => { start(): void } };
      new NodeSDK({ serviceName: env('OTEL_SERVICE_NAME') ?? 'waybill', instrumentations: [] }).start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warn(`Tracing is enabled, but the SDK does not load; install ${name} next to Waybill. ${reason}`);
    }
  }
  const share = Number(env('OTEL_TRACES_SAMPLER_ARG') ?? 1);
  return createTracing(Number.isFinite(share) ? share : 1);
}

const VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_SAMPLER_ARG',
];

/** The variables that tracing reads, for the other thread. */
export function tracingVariables(
  env: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => (env(name) === undefined ? [] : [[name, env(name)!]])),
  );
}

/** The spans of whatever provider is registered in this thread; undefined when there is none. */
export function createTracing(share = 1): Tracing | undefined {
  const tracer = currentTracer();
  if (tracer === undefined) return undefined;
  return {
    span(name, traced, from, to, attributes = {}) {
      const parent = traceOf(traced, share);
      if (parent === undefined) return;
      const span = tracer.startSpan(
        name,
        {
          startTime: from,
          attributes: { 'waybill.message_id': traced.event.messageId, 'waybill.source': traced.sourceId },
        },
        parent,
      );
      for (const [key, value] of Object.entries(attributes)) {
        if (value !== undefined) span.setAttribute(`waybill.${key}`, value);
      }
      const { status, message } = attributes;
      if (status === 'rejected' || status === 'retry') {
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(message ?? attributes['code'] ?? '') });
      }
      span.end(to);
    },
  };
}

function currentTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('waybill');
  return provider.getTracer('waybill');
}

/** The trace of an event; undefined for one that is not in the sample. */
function traceOf({ sourceId, event }: Traced, share: number): Context | undefined {
  const hash = createHash('sha256').update(`${sourceId}\0${event.messageId}`).digest();
  if (hash.readUInt32BE(28) / 2 ** 32 >= share) return undefined;
  return trace.setSpanContext(context.active(), {
    traceId: hash.toString('hex', 0, 16),
    spanId: hash.toString('hex', 16, 24),
    traceFlags: 1,
    isRemote: true,
  });
}

/** Events that were read and not settled yet are remembered up to this number. */
const MOST = 50_000;

/** A log and a state that make spans of what the engine does with them. */
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

/** The rows of the single events that a row of a settlement is for. */
function each(row: OutcomeRow): readonly OutcomeRow[] {
  const { through = row.seq, ...rest } = row;
  return Array.from({ length: through - row.seq + 1 }, (_, index) => ({ ...rest, seq: row.seq + index }));
}
