import type { ErrorCode } from '@waybill/core';
import type { Failure } from './issues.ts';
import type { Route } from './route.ts';
import { messagesIn } from './messages.ts';
import type { AnswerOf, QueryOf, ROUTES, RouteName } from './routes.ts';
import type { StreamMessage } from './stream.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The path patterns of a method. */
export type PathOf<M extends Method> = RouteName extends infer N
  ? N extends `${M} ${infer P}`
    ? P
    : never
  : never;

type NamesIn<P extends string> = P extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | NamesIn<More>
    : Rest
  : never;

/** Required when any member is required; optional when all are; absent when there are none. */
type Given<K extends string, T> = keyof T extends never
  ? unknown
  : Record<never, never> extends T
    ? { readonly [N in K]?: T }
    : { readonly [N in K]: T };

type Options<N extends RouteName> =
  (typeof ROUTES)[N] extends Route<infer Q, infer B, unknown>
    ? Given<'params', Readonly<Record<NamesIn<N>, string | number>>> &
        Given<'query', Q> &
        Given<'body', B> & {
          /** The version that a change is based on; `*` overwrites any version. */
          readonly ifMatch?: number | '*';
        }
    : never;

type Arguments<O> = Record<never, never> extends O ? [options?: O] : [options: O];

/** An answer with the version of its content, for versioned resources. */
export interface Versioned<A> {
  readonly body: A;
  readonly version: number | undefined;
}

/** The admin API of a server. Calls reject with an ApiError when they are refused. */
export interface Client {
  get<P extends PathOf<'GET'>>(
    path: P,
    ...options: Arguments<Options<`GET ${P}`>>
  ): Promise<AnswerOf<`GET ${P}`>>;
  post<P extends PathOf<'POST'>>(
    path: P,
    ...options: Arguments<Options<`POST ${P}`>>
  ): Promise<AnswerOf<`POST ${P}`>>;
  put<P extends PathOf<'PUT'>>(
    path: P,
    ...options: Arguments<Options<`PUT ${P}`>>
  ): Promise<AnswerOf<`PUT ${P}`>>;
  patch<P extends PathOf<'PATCH'>>(
    path: P,
    ...options: Arguments<Options<`PATCH ${P}`>>
  ): Promise<AnswerOf<`PATCH ${P}`>>;
  delete<P extends PathOf<'DELETE'>>(
    path: P,
    ...options: Arguments<Options<`DELETE ${P}`>>
  ): Promise<AnswerOf<`DELETE ${P}`>>;
  /** Calls a route by its name and returns the version, on which the next change can be based. */
  call<N extends RouteName>(name: N, ...options: Arguments<Options<N>>): Promise<Versioned<AnswerOf<N>>>;
  /**
   * Follows a stream. The server ends it after a while: follow again `after` the last id. `onOpen` is called when the stream is
   * open, possibly long before the first message.
   */
  follow(
    query: QueryOf<'GET /api/stream'>,
    signal?: AbortSignal,
    onOpen?: () => void,
  ): AsyncIterable<StreamMessage>;
}

/** A call that was refused or not answered. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** The HTTP status; absent without a readable answer. */
  readonly status: number | undefined;
  /** What to do about it. */
  readonly remedy: string;
  readonly issues: NonNullable<Failure['error']['issues']>;
  /** The conflicting versions, if the resource was changed meanwhile. */
  readonly conflict: Failure['error']['conflict'];
  constructor(failure: Failure['error'], status?: number, cause?: unknown) {
    super(failure.message, { cause });
    this.name = 'ApiError';
    this.code = failure.code;
    this.status = status;
    this.remedy = failure.remedy;
    this.issues = failure.issues ?? [];
    this.conflict = failure.conflict;
  }
}

/** Options of a client. */
export interface ClientOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** The timeout of a call, in milliseconds. */
  readonly timeout?: number;
}

const TIMEOUT = 30_000;

interface CallInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: number | '*';
}

/** A signed-in browser, which sends its cookie automatically. */
export interface BrowserSession {
  /** The `csrf` of the session, which proves that a change comes from a page of the server; undefined before signing in. */
  readonly csrf: () => string | undefined;
}

/** Creates a typed client of the admin API at an address, with a token or a browser session. */
export function createClient(
  url: string,
  credentials: string | BrowserSession,
  options: ClientOptions = {},
): Client {
  const { timeout = TIMEOUT } = options;
  const call = async (name: string, given: CallInput = {}): Promise<Versioned<unknown>> => {
    const [method = '', path = ''] = name.split(' ');
    const { body, ifMatch } = given;
    const headers = {
      ...proof(credentials),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch === '*' ? '*' : `"${ifMatch}"` }),
    };
    const signal = AbortSignal.timeout(timeout);
    const init = { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const address = new URL(`${filled(path, given.params)}${search(given.query)}`, url);
    const { answer, text } = await exchange(address, init, options.fetch ?? globalThis.fetch);
    const read = text === '' ? undefined : parsed(text, answer.status);
    if (!answer.ok) throw failure(answer.status, read);
    return { body: read, version: versionIn(answer.headers.get('etag')) };
  };
  const follow = async function* (
    query: CallInput['query'],
    signal?: AbortSignal,
    onOpen?: () => void,
  ): AsyncGenerator<StreamMessage, void> {
    const address = new URL(`/api/stream${search(query)}`, url);
    const init = { headers: proof(credentials), ...(signal === undefined ? {} : { signal }) };
    const answer = await reached(address, () => (options.fetch ?? globalThis.fetch)(address, init));
    if (!answer.ok || answer.body === null)
      throw failure(answer.status, parsed(await answer.text(), answer.status));
    onOpen?.();
    yield* messagesIn(answer.body);
  };
  const by =
    (method: Method) =>
    async (path: string, given?: CallInput): Promise<unknown> =>
      (await call(`${method} ${path}`, given)).body;
  // One implementation for all routes; only the types differ.
  return {
    get: by('GET'),
    post: by('POST'),
    put: by('PUT'),
    patch: by('PATCH'),
    delete: by('DELETE'),
    call,
    follow,
  } as unknown as Client;
}

/** The authentication headers. */
function proof(credentials: string | BrowserSession): Readonly<Record<string, string>> {
  if (typeof credentials === 'string') return { authorization: `Bearer ${credentials}` };
  const csrf = credentials.csrf();
  return csrf === undefined ? {} : { 'x-csrf-token': csrf };
}

async function exchange(
  address: URL,
  init: RequestInit,
  fetch: typeof globalThis.fetch,
): Promise<{ readonly answer: Response; readonly text: string }> {
  return reached(address, async () => {
    const answer = await fetch(address, init);
    return { answer, text: await answer.text() };
  });
}

/** Sends a request to an address. */
async function reached<T>(address: URL, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ApiError(
      {
        code: 'server_unreachable',
        message: `No Waybill server answers at ${address.origin}.`,
        remedy: 'Start the server, or correct the address.',
      },
      undefined,
      cause,
    );
  }
}

/** Fills in the parameters of a path. */
function filled(path: string, params: CallInput['params'] = {}): string {
  return path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(params[name] ?? '')));
}

function search(query: CallInput['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(given))}`;
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(status, cause);
  }
}

function failure(status: number, answer: unknown): ApiError {
  const said = (answer as Partial<Failure> | undefined)?.error;
  return typeof said?.code === 'string' ? new ApiError(said, status) : unreadable(status);
}

function unreadable(status: number, cause?: unknown): ApiError {
  return new ApiError(
    {
      code: 'server_unreadable_answer',
      message: 'The server at that address is not a Waybill server.',
      remedy: 'Correct the address.',
    },
    status,
    cause,
  );
}

function versionIn(etag: string | null): number | undefined {
  const number = /^(?:W\/)?"(\d+)"$/.exec(etag ?? '')?.[1];
  return number === undefined ? undefined : Number(number);
}
