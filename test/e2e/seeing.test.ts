import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trace, type TracerProvider } from '@opentelemetry/api';
import { openStores } from '@waybill/delivery';
import { createTracing, traceStores } from '../../packages/server/src/tracing.ts';
import { type Answer, type Harness, openHarness } from './harness.ts';

interface Seen {
  readonly name: string;
  readonly traceId: string;
  readonly attributes: Record<string, unknown>;
  status?: number;
}

const spans: Seen[] = [];

/** A provider that records its data. */
const provider = {
  getTracer: () => ({
    startSpan(name: string, options: { attributes: Record<string, unknown> }, parent: never) {
      const traceId = trace.getSpanContext(parent)!.traceId;
      const seen: Seen = { name, traceId, attributes: { ...options.attributes } };
      spans.push(seen);
      return {
        setAttribute: (key: string, value: unknown) => void (seen.attributes[key] = value),
        setStatus: ({ code }: { code: number }) => void (seen.status = code),
        end: () => undefined,
      };
    },
  }),
};

describe('the observability of a server', () => {
  let harness: Harness;
  beforeAll(async () => {
    trace.setGlobalTracerProvider(provider as unknown as TracerProvider);
    harness = await openHarness();
    await harness.track('track', { messageId: 'seen', userId: 'u1', event: 'Seen' });
    await harness.server.idle();
  });
  afterAll(() => harness.close());

  it('includes counters for Prometheus: in, out, lag, retries, calls and requests', async () => {
    const text = await (await fetch(`${harness.server.url}/metrics`)).text();
    for (const line of [
      /waybill_events_accepted_total\{source="shop"\} 1/,
      /waybill_outcomes_total\{destination="iterable",mapping="track-calls",status="delivered",code=""\} 1/,
      /waybill_destination_lag_events\{destination="iterable"\} 0/,
      /waybill_destination_retry_age_seconds\{destination="iterable"\} 0/,
      /waybill_call_items_sum\{destination="iterable",action="trackEvent"\} 1/,
      /waybill_call_duration_seconds_count\{destination="iterable",action="trackEvent"\} 1/,
      /waybill_step_duration_seconds_count\{destination="iterable"\} \d/,
      /waybill_request_duration_seconds_count\{route="\/v1\/track",status="200"\} 1/,
      /waybill_log_bytes \d+/,
      /waybill_admission_closed 0/,
      // Names of the release before, for one release.
      /waybill_lane_lag_events\{destination="iterable"\} 0/,
      /waybill_door_closed 0/,
    ]) {
      expect(text).toMatch(line);
    }
  });

  it('includes one trace for each event, from accepting to the stored outcome', async () => {
    const read = await openStores(`sqlite:${harness.dataDir}`, { writes: [], only: ['log'] });
    const written = await openStores('memory:', { writes: ['state'] });
    const [{ log }, { state }] = [read, written];
    const traced = traceStores({ log, state }, createTracing()!);
    const [event] = await traced.log.read({ after: 0, limit: 10 });
    const at = Date.now();
    await traced.state.settle({
      destination: 'iterable',
      cursor: event!.seq,
      exchanges: [
        {
          id: 1,
          destination: 'iterable',
          at,
          durationMs: 12,
          request: { method: 'POST', url: 'http://x/', headers: {} },
        },
      ],
      retries: [
        {
          destination: 'iterable',
          seq: event!.seq,
          mappingId: 'track-calls',
          position: 0,
          user: 'u:u1',
          attempts: 1,
          dueAt: at,
          code: 'destination_unavailable',
          exchangeId: 1,
        },
      ],
    });
    await read.close();
    await written.close();
    expect(spans.map((one) => one.name)).toEqual(['accept', 'prepare', 'send', 'settle']);
    expect(new Set(spans.map((one) => one.traceId)).size).toBe(1);
    expect(spans[2]!.attributes).toMatchObject({
      'waybill.message_id': 'seen',
      'waybill.destination': 'iterable',
      'waybill.code': 'destination_unavailable',
    });
    expect(spans[3]!.status).toBe(2);
  });

  it('samples the configured share of events, each of them with all of its spans', () => {
    const before = spans.length;
    const tracing = createTracing(0.25)!;
    for (let at = 0; at < 2_000; at++)
      for (const name of ['accept', 'settle'])
        tracing.span(name, { sourceId: 'shop', event: { messageId: `m-${at}` } }, 1, 2);
    const traced = Map.groupBy(spans.slice(before), ({ traceId }) => traceId);
    expect(traced.size).toBeGreaterThan(400);
    expect(traced.size).toBeLessThan(600);
    expect([...traced.values()].filter((one) => one.length !== 2)).toEqual([]);
  });

  it('includes the history of an event: every step with its time, request, answer, reason and remedy', async () => {
    await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ disallowedEventNames: ['Poison'] }),
    });
    await harness.track('track', { messageId: 'bad', userId: 'u1', event: 'Poison' });
    await harness.server.idle();
    const { body } = await harness.admin('events/bad');
    const [step] = body.steps as Answer[];
    expect(step).toMatchObject({
      destination: 'iterable',
      mappingId: 'track-calls',
      status: 'rejected',
      attempts: 1,
      at: expect.any(Number),
      code: 'destination_event_disallowed',
      message: expect.any(String),
      remedy: expect.any(String),
      field: 'eventName',
      payload: { eventName: 'Poison' },
      exchanges: [
        {
          at: expect.any(Number),
          durationMs: expect.any(Number),
          request: { method: 'POST', body: expect.stringContaining('Poison') },
          response: { status: expect.any(Number) },
        },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('"demo"');
  });
});
