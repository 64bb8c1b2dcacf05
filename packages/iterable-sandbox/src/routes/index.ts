import { tooManyBytes } from '../http/batch-size.ts';
import { catalogRoutes } from './catalog.ts';
import { commerceRoutes } from './commerce.ts';
import { deviceRoutes } from './devices.ts';
import {
  badJsonBody,
  insufficientKey,
  invalidKey,
  noSuchPath,
  oldBadJsonBody,
  type Reply,
} from '../model/errors.ts';
import { eventReadRoutes } from './event-reads.ts';
import { eventRoutes } from './events.ts';
import { exportRoutes } from './exports.ts';
import { isObject, type JsonObject } from '../json.ts';
import { checkIdentifiers, readJwt } from '../http/jwt.ts';
import { Limits } from '../http/limits.ts';
import { listRoutes } from './lists.ts';
import { mergeRoutes } from './merge.ts';
import { metadataRoutes } from './metadata.ts';
import type { Project } from '../model/project.ts';
import { removalRoutes } from './removal.ts';
import type { KeyType, Route } from '../http/route.ts';
import { Router } from '../http/router.ts';
import { sendingRoutes } from './sending.ts';
import type { Region } from '../model/settings.ts';
import { fits, misfits } from '../http/shape.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { updateEmailRoutes } from './update-email.ts';
import { userReadRoutes } from './user-reads.ts';
import { userWriteRoutes } from './user-writes.ts';

/** An API key of the project. */
export interface ApiKey {
  readonly key: string;
  readonly type: KeyType;
  /** Where the key works; a key without a region works wherever its project is. */
  readonly region?: Region;
  /** Makes it a key with JWT: calls need a token signed with this secret (HS256) that names the user. */
  readonly jwtSecret?: string;
}

/** A request as received. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

const routes: readonly Route[] = [
  ...eventRoutes,
  ...userWriteRoutes,
  ...commerceRoutes,
  ...updateEmailRoutes,
  ...mergeRoutes,
  ...subscriptionRoutes,
  ...removalRoutes,
  ...listRoutes,
  ...catalogRoutes,
  ...metadataRoutes,
  ...deviceRoutes,
  ...sendingRoutes,
  ...exportRoutes,
  ...userReadRoutes,
  ...eventReadRoutes,
];

const keyTypeNames: Record<KeyType, string> = {
  server: 'ServerSide',
  readOnly: 'ReadOnly',
  mobile: 'Mobile',
};
const empty: JsonObject = {};

/** The API of one project: everything between the socket and the endpoints. */
export class Api {
  readonly limits: Limits;
  readonly #project: Project;
  readonly #keys: Map<string, ApiKey>;
  readonly #router = new Router(routes);
  readonly #logged = new Map<Route, number>();

  constructor(project: Project, keys: readonly ApiKey[], limits: boolean) {
    this.#project = project;
    this.#keys = new Map(keys.map((key) => [key.key, key]));
    this.limits = new Limits(limits, project.now, project.switches);
    for (const route of routes) this.#logged.set(route, project.log.endpoint(route.path));
  }

  /** Answers one request. The order: path, key, rate limit, size, JSON shape, then the endpoint. */
  answer(incoming: Incoming): Reply {
    const { method, path } = incoming;
    // Due writes are applied before anything checks the project.
    if (this.#project.queues.waiting > 0) this.#project.queues.settle();
    const match = this.#router.find(method, path);
    if (match === undefined) {
      this.#project.stats.answered('unknown path', 404);
      return noSuchPath(method, path);
    }
    const reply = this.#checked(match.route, match.params, incoming);
    this.#project.stats.answered(match.route.path, reply.status);
    return reply;
  }

  #checked(route: Route, params: readonly string[], incoming: Incoming): Reply {
    const key = incoming.key === undefined ? undefined : this.#keys.get(incoming.key);
    if (key === undefined || (key.region ?? this.#project.region) !== this.#project.region) {
      return invalidKey(incoming.path);
    }
    if (!mayCall(key.type, route)) {
      return insufficientKey(incoming.path, `${key.key.slice(0, 2)}…`, keyTypeNames[key.type]);
    }
    let claims: JsonObject | undefined;
    if (key.jwtSecret !== undefined) {
      const token = readJwt(incoming.authorization, key.jwtSecret, this.#project.now());
      if ('status' in token) return token;
      claims = token.claims;
    }
    const limited = this.limits.take(route, key.key);
    if (limited !== undefined) return limited;
    const project = this.#project;
    const { maxBodyBytes } = project.settings;
    const sized =
      route.bytes === 'limited' ||
      (route.bytes === 'trackBulk' && project.switches.trackBulkBytes === 'limited');
    if (sized && incoming.body.length > maxBodyBytes) {
      return tooManyBytes(incoming.body.length, maxBodyBytes, project.switches);
    }
    let body = empty;
    if (route.shape !== undefined) {
      const value = parse(incoming.body);
      if (value === undefined) return badJsonBody(route.path, null);
      if (!fits(route.shape, value)) {
        const wrong = misfits(route.shape, value);
        return project.switches.jsonErrorForm === 'lists'
          ? oldBadJsonBody(route.path, wrong, incoming.body)
          : badJsonBody(route.path, wrong);
      }
      body = value;
      const mismatch = claims === undefined ? undefined : checkIdentifiers(claims, body);
      if (mismatch !== undefined) return mismatch;
    }
    const query = new URLSearchParams(incoming.query);
    const logged = this.#logged.get(route)!; // every route was given its number in the constructor
    return route.handle({
      project,
      method: route.method,
      at: project.now(),
      endpoint: route.path,
      logged,
      params,
      query,
      body,
      keyType: key.type,
      queue: route.queue ?? 'single',
    });
  }
}

function parse(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function mayCall(type: KeyType, route: Route): boolean {
  if (type === 'server') return route.keys !== 'clientOnly';
  if (type === 'readOnly') return route.keys === 'readOnly';
  return route.keys === 'mobile' || route.keys === 'clientOnly';
}
