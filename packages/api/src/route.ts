import type { ErrorCode } from '@waybill/core';
import type { Role } from './role.ts';
import type { Members, ObjectOf, Schema } from './schema.ts';

/** A route of the API: its inputs, its answer and its effect. */
export interface Route<Q = unknown, B = unknown, A = unknown> {
  /** Its effect, in one sentence. */
  readonly does: string;
  readonly query: Schema<Q>;
  readonly body: Schema<B>;
  /** Path parameters that are not names. */
  readonly params: Members;
  /**
   * Whether the body is a part of the workspace: it is checked as a whole, and the answer lists every problem with its place.
   */
  readonly isConfig: boolean;
  /** Whether it changes a versioned resource: a request names the version that it is based on with `If-Match`. */
  readonly edits: boolean;
  /**
   * The required role. By default `read` to read, `edit` for an edit or a part of the workspace, and `admin` for
   * anything else.
   */
  readonly role?: Role | 'anyone';
  readonly status: 200 | 201 | 204;
  readonly answer: Schema<A>;
  /** The format of the answer. For a stream, `answer` is the schema of one message. */
  readonly media: 'application/json' | 'text/event-stream';
  /** Its errors, in addition to those of every route. */
  readonly errors: readonly ErrorCode[];
}

type Nothing = ObjectOf<Record<never, never>, Record<never, never>>;

/** The errors of every route: a request is read before its route runs. */
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

/** The members of a request, exactly. A route without a body has no members in it. */
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

/** Defines a route; it refuses undeclared input. */
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
