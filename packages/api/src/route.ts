import type { ErrorCode } from '@waybill/core';
import type { Role } from './role.ts';
import type { Members, ObjectOf, Schema } from './schema.ts';

/** One route of the API: what it takes, what it answers, and what it does. */
export interface Route<Q = unknown, B = unknown, A = unknown> {
  /** What it does, in one sentence. */
  readonly does: string;
  readonly query: Schema<Q>;
  readonly body: Schema<B>;
  /** Parameters of the path that are no names. */
  readonly params: Members;
  /** The body is a part of the workspace: it is checked as a whole, for answers that name every problem and its place. */
  readonly isConfig: boolean;
  /** It changes something that has versions: a request says with `If-Match` which one it is based on. */
  readonly edits: boolean;
  /**
   * The role that it needs. When it names none: `read` to read, `edit` for an edit or a part of the workspace, and `admin` for
   * anything else.
   */
  readonly role?: Role | 'anyone';
  readonly status: 200 | 201 | 204;
  readonly answer: Schema<A>;
  /** What the answer is written as. Of a stream, `answer` is what one message holds. */
  readonly media: 'application/json' | 'text/event-stream';
  /** What it can fail with, beside what every route can. */
  readonly errors: readonly ErrorCode[];
}

type Nothing = ObjectOf<Record<never, never>, Record<never, never>>;

/** What every route can fail with: reading a request comes before any route is asked. */
export const EVERYWHERE = [
  'request_invalid',
  'event_invalid_json',
  'request_unauthorized',
  'request_forbidden',
  'request_forged',
  'request_too_slow',
  'event_too_large',
  'event_batch_too_large',
  'request_throttled',
  'server_overloaded',
  'server_error',
] as const satisfies readonly ErrorCode[];

/** What a request can give: exactly these members. One without a body is one whose body has none. */
export function members<O extends Members, R extends Members = Record<never, never>>(
  optional: O,
  required?: R,
): Schema<ObjectOf<R, O>> {
  const needed = Object.keys(required ?? {});
  return {
    type: needed.length > 0 ? 'object' : ['object', 'null'],
    properties: { ...required, ...optional },
    required: needed,
    additionalProperties: false,
  };
}

/** A route; what it does not say it takes, it refuses. */
export function route<A, Q = Nothing, B = Nothing>(
  given: Pick<Route<Q, B, A>, 'does' | 'answer'> & Partial<Route<Q, B, A>>,
): Route<Q, B, A> {
  const nothing = members({}) as Schema<never>;
  return {
    query: nothing,
    body: nothing,
    params: {},
    isConfig: false,
    edits: false,
    status: 200,
    media: 'application/json',
    errors: [],
    ...given,
  };
}
