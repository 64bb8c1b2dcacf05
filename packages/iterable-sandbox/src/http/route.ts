import type { Reply } from '../model/errors.ts';
import type { JsonObject } from '../json.ts';
import type { Project } from '../model/project.ts';
import type { QueueName } from '../model/queues.ts';
import type { Shape } from './shape.ts';

/** What an API key may call. */
export type KeyType = 'server' | 'readOnly' | 'mobile';

/** One request after authentication, rate limit and the check of its JSON shape. */
export interface ReceivedCall {
  readonly project: Project;
  readonly method: string;
  /** The moment of receipt, asked once for all items of the call. */
  readonly at: number;
  /** The route, for messages: `/api/users/update`. */
  readonly endpoint: string;
  /** The number of the endpoint in the item log. */
  readonly logged: number;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly keyType: KeyType;
  /** The queue that writes of this call go through. */
  readonly queue: QueueName;
}

/** How often an endpoint may be called: a bucket of `amount` that refills in `seconds`. */
export interface Limit {
  readonly amount: number;
  readonly seconds: number;
  readonly per: 'project' | 'key';
}

/** One endpoint. */
export interface Route {
  readonly method: string;
  /** `{name}` stands for one path segment. */
  readonly path: string;
  readonly handle: (call: ReceivedCall) => Reply;
  readonly shape?: Shape;
  readonly limits?: readonly Limit[];
  /** The endpoint has a limit that is not published; a switch says whether the sandbox has one. */
  readonly unpublishedLimit?: boolean;
  /** Key types besides the server key; 'clientOnly' means the server key is refused. */
  readonly keys?: 'readOnly' | 'mobile' | 'clientOnly';
  /** Bulk calls have a queue of their own. */
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
