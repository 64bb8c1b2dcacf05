import {
  headerOf,
  type HttpResponse,
  type InstanceState,
  type RateLimit,
  type RateReading,
  retryAfter,
} from '@waybill/core';
import type { BucketInput } from './bucket.ts';
import { createEndpoints, type Endpoint } from './endpoints.ts';
import { createRequestQueue, type QueueStatus, type RequestQueue } from './request-queue.ts';

/** Spreads the calls of all lanes over time, so that destinations do not refuse them. */
export interface Governor {
  /** Returns the gate of a lane. Lanes with the same credential share the buckets of a host. */
  gate(input: GateInput): Gate;
  /** Returns the part of its published limits that a credential would use: 1 when calls waited for their turn. */
  wanted(credential: string): number;
}

/** The inputs of a gate. */
export interface GateInput {
  /** Identifies the account; in memory only. */
  readonly credential: string;
  readonly limits: readonly RateLimit[];
  readonly read?: (response: HttpResponse) => RateReading | undefined | Promise<RateReading | undefined>;
  /** This process's part of the published limits, where others use the account too; 1 when absent. */
  readonly share?: () => number;
  /** Where learned limits are stored; absent: they end with the process. */
  readonly kept?: InstanceState;
}

/** Delays calls until their turn. */
export interface Gate {
  /** Resolves at the turn of a call, or at once when the wait would exceed `longest` milliseconds. */
  take(
    call: { readonly method: string; readonly url: string | URL },
    signal?: AbortSignal,
    longest?: number,
  ): Promise<Turn>;
  /** Returns the status of each endpoint: those with limits, and those that were called, up to a bound. */
  endpoints(): readonly EndpointStatus[];
}

/** The status of the calls to one endpoint. */
export interface EndpointStatus extends QueueStatus {
  /** Where it was called; absent before the first call. */
  readonly origin?: string;
  /** Method and path. */
  readonly endpoint: string;
  /** The published limits. */
  readonly published: readonly {
    readonly amount: number;
    readonly seconds: number;
    readonly assumed: boolean;
  }[];
}

/** Whether a call may be made, or not: its turn would come too late, or it was aborted. */
export type Turn =
  | {
      readonly granted: true;
      /** Reports the result of the call; undefined: no answer. */
      readonly done: (answer: HttpResponse | undefined) => void;
    }
  | { readonly granted: false; readonly aborted: boolean; readonly waitMs: number };

/** The inputs of a governor, which tests replace. */
export interface GovernorInput {
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** 0 <= x < 1. */
  readonly random?: () => number;
  /** The maximum wait of a call for its turn, in milliseconds. */
  readonly longestWait?: number;
}

/** The maximum number of endpoints whose calls are counted: more than any destination has; bounds paths with IDs. */
const MOST_QUEUES = 2_000;

/** The maximum number of endpoints reported per account. */
const MOST_TOLD = 200;

/** A queue, and its endpoint. */
interface Known {
  readonly queue: RequestQueue;
  readonly credential: string;
  readonly origin: string;
  readonly endpoint: Endpoint;
}

/** Creates a governor, one for all lanes of an engine. */
export function createGovernor(input: GovernorInput = {}): Governor {
  const {
    now = Date.now,
    sleep = (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
    random = Math.random,
    longestWait = 5 * 60_000,
  } = input;
  const queues = new Map<string, Known>();

  const queueOf = (
    key: string,
    called: Omit<Known, 'queue'>,
    name: string,
    { kept, share }: Pick<GateInput, 'kept' | 'share'>,
  ): RequestQueue => {
    const known = queues.get(key);
    // Deleted and inserted again: the first entries of the map are the least recently used.
    queues.delete(key);
    const queue =
      known?.queue ??
      createRequestQueue({
        ...limitsOf(called.endpoint, kept?.get(name)),
        share,
        now,
        sleep,
        random,
        longestWait,
      });
    queues.set(key, known ?? { ...called, queue });
    for (const [name, old] of queues) {
      if (queues.size <= MOST_QUEUES) break;
      if (!old.queue.busy()) queues.delete(name);
      else break;
    }
    return queue;
  };

  return {
    wanted: (credential) =>
      [...queues.values()].reduce(
        (most, one) => (one.credential === credential ? Math.max(most, one.queue.wanted()) : most),
        0,
      ),
    gate({ credential, limits, read, kept, share }) {
      const endpoints = createEndpoints(limits);
      return {
        endpoints: () =>
          told(
            [...queues.values()].filter((one) => one.credential === credential),
            endpoints.listed,
          ),
        async take(call, signal, longest) {
          const url = URL.parse(String(call.url));
          // A malformed address fails by itself.
          if (url === null) return { granted: true, done: () => undefined };
          const endpoint = endpoints.find(call.method, url.pathname);
          const figures = endpoint.limits.map((one) => `${one.amount}/${one.seconds ?? 1}`).join(' ');
          const name = `${url.origin} ${endpoint.name} ${figures}`;
          const queue = queueOf(
            `${credential}\n${name}`,
            { credential, origin: url.origin, endpoint },
            name,
            { ...(kept === undefined ? {} : { kept }), ...(share === undefined ? {} : { share }) },
          );
          const keep = (): void => {
            const learned = kept === undefined ? undefined : queue.learned();
            if (learned !== undefined) kept?.set({ [name]: JSON.stringify(learned) });
          };
          const turn = await queue.take(signal, longest);
          if (!turn.granted) return turn;
          return {
            granted: true,
            done(answer) {
              if (answer === undefined) return;
              if (answer.status !== 429) {
                turn.accepted();
                return keep();
              }
              const asked = retryAfter(headerOf(answer, 'retry-after'), now());
              const refuse = (said: RateReading | undefined): void => {
                turn.refused({ ...said, resetMs: asked ?? said?.resetMs });
                keep();
              };
              const said = safely(read, answer);
              if (said instanceof Promise) void said.then(refuse, () => refuse(undefined));
              else refuse(said);
            },
          };
        },
      };
    },
  };
}

/** The called endpoints, most recent first, then uncalled ones with limits. */
function told(called: readonly Known[], listed: readonly Endpoint[]): readonly EndpointStatus[] {
  const names = new Set(called.map(({ endpoint }) => endpoint.name));
  const uncalled = listed
    .filter(({ name }) => !names.has(name))
    .map((one) => ({ ...described(one), limits: [], used: 0, waiting: 0, refused: 0 }));
  const all = called
    .toReversed()
    .map(({ queue, origin, endpoint }) => ({ origin, ...described(endpoint), ...queue.status() }));
  return [...all, ...uncalled].slice(0, MOST_TOLD);
}

function described({ name, limits }: Endpoint): Pick<EndpointStatus, 'endpoint' | 'published'> {
  return {
    endpoint: name,
    published: limits.map(({ amount, seconds = 1, assumed = false }) => ({ amount, seconds, assumed })),
  };
}

/** The limits that apply from the start, and those that apply after a refusal. */
function limitsOf(
  { limits }: Endpoint,
  kept: string | undefined,
): { readonly limits: readonly BucketInput[]; readonly assumed: readonly BucketInput[] } {
  const learned = kept === undefined ? undefined : readLearned(kept);
  if (learned !== undefined) return { limits: learned, assumed: [] };
  const figure = ({ amount, seconds = 1 }: Endpoint['limits'][number]): BucketInput => ({ amount, seconds });
  return {
    limits: limits.filter(({ assumed }) => assumed !== true).map(figure),
    assumed: limits.filter(({ assumed }) => assumed === true).map(figure),
  };
}

/** Parses stored limits; undefined when invalid. */
function readLearned(text: string): readonly BucketInput[] | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 1e9;
  const isBucket = (one: Partial<BucketInput> | null): boolean =>
    isPositive(one?.amount) && isPositive(one?.seconds) && isPositive(one?.rate);
  return Array.isArray(kept) && kept.length > 0 && kept.every(isBucket) ? (kept as BucketInput[]) : undefined;
}

/** An exception in the definition's parser must not break a delivery. */
function safely(read: GateInput['read'], answer: HttpResponse): ReturnType<NonNullable<GateInput['read']>> {
  try {
    return read?.(answer);
  } catch {
    return undefined;
  }
}
