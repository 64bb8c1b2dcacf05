import {
  type ConnectionResult,
  type ErrorCode,
  type Event,
  type Issue,
  type ResolvedSource,
  resolveWorkspace,
  type Source,
  type SourceContext,
  type WebhookRequest,
} from '@waybill/core';
import { createRequest, secretsIn } from '@waybill/delivery';
import { receive, readStream, type ReadingStatus, UNLIMITED_ROOM } from '@waybill/ingest';
import { type FakeClock, fakeClock } from '../clock.ts';
import { TestSetupError } from '../destination.ts';
import { type CannedAnswers, cannedTransport, type WireRequest } from '../http/canned.ts';
import { ingestWorld } from './world.ts';

/** Options of a test source. */
export interface TestSourceOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Canned answers; a 200 with `{}` for every call when absent. */
  readonly answers?: CannedAnswers;
  /** The clock of the source; a fake clock when absent. */
  readonly clock?: Pick<FakeClock, 'now'>;
  /** Reads an environment variable, for settings such as `{ "$env": "NAME" }`. */
  readonly env?: (name: string) => string | undefined;
}

/** The result of reading a stream, or of a request to the webhook. */
export interface TestIntake {
  /** The new events in the log. */
  readonly events: readonly Event[];
  /** Events that were refused, with the reason. */
  readonly refused: readonly { readonly messageId?: string; readonly issues: readonly Issue[] }[];
  /** The recorded calls. */
  readonly requests: readonly WireRequest[];
}

/** The result of reading a stream to its end, or until a failure. */
export interface TestReading extends TestIntake {
  readonly status: ReadingStatus;
}

/** The result of a request to the webhook. */
export interface TestReceipt extends TestIntake {
  /** Why the request was refused as a whole. */
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
}

/** A request to the webhook in a test. */
export interface TestWebhook {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged when there is no `json`. */
  readonly body?: string;
}

/** A source that can be run without a server. Reading continues where it ended, as after a restart. */
export interface TestSource {
  readonly resolved: ResolvedSource;
  /** Reads like a poll that starts now; with `from` like a back-fill. */
  read(stream: string, options?: { readonly from?: string }): Promise<TestReading>;
  receive(request: TestWebhook): Promise<TestReceipt>;
  /** Tests the settings with `testConnection` of the source. */
  testConnection(): Promise<ConnectionResult>;
}

/** Creates an instance of a source for tests, over a log in memory and the real intake. */
export function createTestSource(source: Source, options: TestSourceOptions = {}): TestSource {
  const clock = options.clock ?? fakeClock();
  const resolved = resolveSource(source, options);
  const world = ingestWorld(clock);
  const { context, calls } = sourceContext(resolved, { ...options, clock });
  /** The new events and refusals of some work. */
  const during = async <T extends object>(work: () => Promise<T>): Promise<TestIntake & T> => {
    const before = { calls: calls.length, refused: world.refused().length };
    const result = await work();
    const events = (await world.fresh()).map(({ event }) => event);
    const refused = world.refused().slice(0, world.refused().length - before.refused);
    return { ...result, events, refused: refused.reverse(), requests: calls.slice(before.calls) };
  };
  return {
    resolved,
    read(stream, { from } = {}) {
      if (source.streams[stream] === undefined)
        throw new TestSetupError([{ path: stream, message: 'There is no such stream.' }]);
      const past = from !== undefined || source.streams[stream].every === undefined;
      const history = {
        id: 'test',
        room: async () => UNLIMITED_ROOM,
        ...(from === undefined ? {} : { from }),
      };
      return during(async () => {
        const reading = readStream(
          past ? { source: resolved, stream, history } : { source: resolved, stream },
          {
            log: world.log,
            intake: world.intake,
            context: () => context,
            holder: 'test',
            now: clock.now,
            onFailure: () => undefined,
          },
        );
        await reading.idle();
        await reading.stop();
        return { status: reading.status() };
      });
    },
    receive(given) {
      const request = webhookRequest(given);
      return during(async () => {
        const received = await receive(resolved, request, { intake: world.intake, context });
        return 'failure' in received ? received : {};
      });
    },
    async testConnection() {
      return source.testConnection?.(context) ?? { ok: true, message: 'There is nothing to test.' };
    },
  };
}

/** Creates the context of the functions of a source in a test, and records their calls. */
export function sourceContext(
  resolved: ResolvedSource,
  { answers, clock }: Pick<TestSourceOptions, 'answers'> & { readonly clock: Pick<FakeClock, 'now'> },
): { readonly context: SourceContext; readonly calls: readonly WireRequest[] } {
  const { transport, calls } = cannedTransport(answers);
  const secrets = secretsIn(resolved.source?.settings ?? {}, resolved.settings);
  const context: SourceContext = Object.freeze({
    settings: resolved.settings,
    request: createRequest({ transport, secrets, now: clock.now }).request,
    now: clock.now,
    memory: new Map(),
  });
  return { context, calls };
}

/** Creates a request to a webhook, as received. */
export function webhookRequest({
  method = 'POST',
  headers = {},
  query = {},
  json,
  body = '',
}: TestWebhook): WebhookRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const text = json === undefined ? body : JSON.stringify(json);
  return { method, headers: Object.fromEntries(lower), query, body: new TextEncoder().encode(text) };
}

/** Resolves an instance of a source with validated settings. */
export function resolveSource(source: Source, options: TestSourceOptions): ResolvedSource {
  const { settings = {}, env = () => undefined } = options;
  const result = resolveWorkspace(
    { sources: [{ id: 'under-test', type: source.slug, settings }], destinations: [] },
    { destinations: [], sources: [source], env },
  );
  if (!result.ok) throw new TestSetupError(result.issues);
  return result.value.sources[0]!;
}
