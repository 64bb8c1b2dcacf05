import type { Reply } from '../model/errors.ts';
import type { JsonObject } from '../json.ts';
import type { Project } from '../model/project.ts';
import type { QueueName } from '../model/queues.ts';
import type { Shape } from './shape.ts';

/** The type of an API key. */
export type KeyType = 'server' | 'readOnly' | 'mobile';

/** One request after authentication, rate limit and the check of its JSON shape. */
export interface ReceivedCall {
  readonly project: Project;
  readonly method: string;
  /** The time of receipt, the same for all items of the call. */
  readonly at: number;
  /** The route, for messages: `/api/users/update`. */
  readonly endpoint: string;
  /** The number of the endpoint in the item log. */
  readonly logged: number;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly keyType: KeyType;
  /** The queue of writes of this call. */
  readonly queue: QueueName;
}

/** The rate limit of an endpoint: a bucket of `amount` that refills in `seconds`. */
export interface Limit {
  readonly amount: number;
  readonly seconds: number;
  readonly per: 'project' | 'key';
}

/** One endpoint. */
export interface Route {
  readonly method: string;
  /** `{name}` matches one path segment. */
  readonly path: string;
  readonly handle: (call: ReceivedCall) => Reply;
  readonly shape?: Shape;
  readonly limits?: readonly Limit[];
  /** Whether the endpoint has an unpublished limit, which a switch enables. */
  readonly unpublishedLimit?: boolean;
  /** Key types besides the server key; 'clientOnly' means that the server key is refused. */
  readonly keys?: 'readOnly' | 'mobile' | 'clientOnly';
  /** Whether calls use the bulk queue. */
  readonly queue?: 'bulk';
  /** Whether the body has a byte limit (the documented 4 MB of bulk calls). */
  readonly bytes?: 'limited' | 'trackBulk';
}

/** A limit per second for the whole project. */
export function perSecond(amount: number): readonly Limit[] {
  return [{ amount, seconds: 1, per: 'project' }];
}

/** A limit per second for each API key. */
export function perSecondAndKey(amount: number): readonly Limit[] {
  return [{ amount, seconds: 1, per: 'key' }];
}

/** A limit per minute for the whole project. */
export function perMinute(amount: number): readonly Limit[] {
  return [{ amount, seconds: 60, per: 'project' }];
}
