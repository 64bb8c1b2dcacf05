import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { UpstreamDefinition } from '@waybill/segment';
import type { Tree } from '../corpus/events.ts';
import { answerOf, type Mood, type Sent, sentOf } from './answers.ts';
import type { Case } from './cases.ts';

const require = createRequire(import.meta.url);
const file = createRequire(require.resolve('@segment/action-destinations')).resolve('@segment/actions-core');

interface Destination {
  /** Grows with every call that is made. */
  readonly responses: unknown[];
  onEvent(event: Tree, settings: object, options: object): Promise<readonly Tree[]>;
  onBatch(events: readonly Tree[], settings: object, options: object): Promise<readonly Tree[]>;
}

/** The parts of upstream's runtime besides running events. */
interface Runtime {
  readonly actions: Readonly<Record<string, { executeHook(name: string, data: object): Promise<unknown> }>>;
  onDelete?(event: object, settings: object, options: object): Promise<unknown>;
  createAudience(input: object): Promise<unknown>;
  getAudience(input: object): Promise<unknown>;
  executeDynamicField(action: string, field: string, data: object, read?: unknown): Promise<unknown>;
  /** The requests since the last call. */
  sent(): readonly Sent[];
}

/** Upstream's runtime for a definition, before a destination in a mood. */
export function upstreamOf(definition: UpstreamDefinition, inMood: Mood): Runtime {
  const mine: Sent[] = [];
  sent = mine;
  mood = inMood;
  const runner = runnerOf(definition) as unknown as Omit<Runtime, 'sent'>;
  return {
    actions: runner.actions,
    ...(runner.onDelete === undefined ? {} : { onDelete: runner.onDelete.bind(runner) }),
    createAudience: runner.createAudience.bind(runner),
    getAudience: runner.getAudience.bind(runner),
    executeDynamicField: runner.executeDynamicField.bind(runner),
    sent: () => mine,
  };
}

function runnerOf(definition: UpstreamDefinition): Destination {
  let destination = runners.get(definition);
  if (destination === undefined) {
    destination = new framework.Destination(definition);
    runners.set(definition, destination);
  }
  return destination;
}

interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { forEach(each: (value: string, name: string) => void): void };
  readonly body: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const framework = require(file) as {
  readonly Destination: new (definition: UpstreamDefinition) => Destination;
  readonly Response: new (text: string, init: object) => unknown;
};
const fetchModule = require(join(dirname(file), 'fetch.js')) as { default: unknown };

const runners = new WeakMap<UpstreamDefinition, Destination>();
let sent: Sent[] = [];
let mood: Mood = 'empty';

/** Disables the one function of the framework that reaches the network. */
export function interceptUpstream(): void {
  fetchModule.default = async (request: WireRequest): Promise<unknown> => {
    const headers: Record<string, string> = {};
    request.headers.forEach((value, name) => (headers[name] = value));
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    sent.push(sentOf(request.method, request.url, headers, textOf(body)));
    const { status, headers: answered, text } = answerOf(mood);
    return new framework.Response(text, { status, headers: answered, url: request.url });
  };
}

function textOf(body: Uint8Array | undefined): string | Uint8Array | undefined {
  if (body === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return body;
  }
}

/** What one side did with events. */
export interface Ran {
  readonly sent: readonly Sent[];
  /** One per event. */
  readonly ends: readonly ('delivered' | 'rejected' | 'retry' | 'unknown')[];
  /** Why, where it says. */
  readonly words: string;
  /** Stopped because it took too long. */
  readonly late: boolean;
}

const nothing = (): void => undefined;

/** Runs events through upstream's own runtime. */
export async function runUpstream(
  definition: UpstreamDefinition,
  one: Case,
  events: readonly Tree[],
  settings: object,
  as: 'single' | 'batch',
  inMood: Mood,
): Promise<Ran> {
  sent = [];
  mood = inMood;
  const destination = runnerOf(definition);
  destination.responses.length = 0;
  const state = new Map<string, string>();
  const transaction: Record<string, string> = {};
  const options = {
    features: {},
    statsContext: {
      statsClient: { incr: nothing, set: nothing, histogram: nothing, observe: nothing },
      tags: [],
    },
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing, crit: nothing, log: nothing },
    stateContext: {
      getRequestContext: (key: string) => state.get(key),
      setResponseContext: (key: string, value: string) => void state.set(key, value),
    },
    transactionContext: {
      transaction,
      setTransaction: (key: string, value: string) => void (transaction[key] = value),
    },
  };
  const given = {
    ...settings,
    subscription: {
      ID: 'case',
      subscribe: one.trigger,
      partnerAction: one.action,
      mapping: structuredClone(one.mapping),
    },
  };
  const runner = destination;
  const run = async (): Promise<Omit<Ran, 'sent' | 'late'>> => {
    try {
      const copies = structuredClone([...events]);
      const results =
        as === 'batch'
          ? await runner.onBatch(copies, given, options)
          : await runner.onEvent(copies[0]!, given, options);
      const multi = results[0]?.['multistatus'] as readonly Tree[] | undefined;
      if (multi === undefined) {
        const done = as === 'single' && results.some(({ output }) => output === 'Action Executed');
        return { ends: events.map(() => (done ? 'delivered' : 'unknown')), words: JSON.stringify(results) };
      }
      return { ends: multi.map(({ status }) => endOf(Number(status))), words: '' };
    } catch (error) {
      const { status, response, message, code } = error as Tree & { response?: { status?: number } };
      const end =
        code === 'RETRYABLE_ERROR' ? 'retry' : endOf(Number(status ?? response?.status ?? Number.NaN));
      return { ends: events.map(() => end), words: String(message) };
    }
  };
  const ended = await inTime(run());
  return ended === undefined
    ? { sent, ends: [], words: 'late', late: true }
    : { ...ended, sent, late: false };
}

function endOf(status: number): Ran['ends'][number] {
  if (Number.isNaN(status)) return 'unknown';
  if (status < 300) return 'delivered';
  if ([408, 423, 429].includes(status)) return 'retry';
  return status >= 500 && status !== 501 ? 'retry' : 'rejected';
}

/** How long one run may take, in milliseconds. */
const LIMIT = 4_000;

/** The result, or undefined when it takes too long. */
export async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(LIMIT, 5_000));
  });
  const result = await Promise.race([work, late]);
  clearTimeout(timer);
  return result;
}
