import { ABOUT_ROUTES } from './about.ts';
import { AUDIENCE_ROUTES } from './audiences.ts';
import { DEAD_LETTER_ROUTES } from './dead-letters.ts';
import { DEFINITION_ROUTES } from './definitions.ts';
import { DELETION_ROUTES } from './deletions.ts';
import { DELIVERY_ROUTES } from './delivery.ts';
import { EVENT_ROUTES } from './events.ts';
import { EXPLANATION_ROUTES } from './explanations.ts';
import { LANE_ROUTES } from './lanes.ts';
import { PROCESSOR_ROUTES } from './processors.ts';
import { RECONCILE_ROUTES } from './reconcile.ts';
import { REPLAY_ROUTES } from './replays.ts';
import { OAUTH_ROUTES } from './oauth.ts';
import { OVERVIEW_ROUTES } from './overview.ts';
import { route, type Route } from './route.ts';
import { SHAPE_ROUTES } from './shapes.ts';
import { STREAM_ROUTES } from './stream.ts';
import { SOURCE_ROUTES } from './sources.ts';
import { typed, type TypeOf } from './schema.ts';
import { TRACKING_PLAN_ROUTES } from './tracking-plans.ts';
import { TRY_ROUTES } from './try.ts';
import { USER_ROUTES } from './users.ts';
import type { Role } from './role.ts';
import { TOKEN_ROUTES } from './tokens.ts';
import { VERSION_ROUTES } from './versions.ts';
import { WORKSPACE_ROUTES } from './workspace.ts';

/** Every route of the admin API, by method and path pattern. */
export const ROUTES = {
  ...WORKSPACE_ROUTES,
  ...SOURCE_ROUTES,
  ...AUDIENCE_ROUTES,
  ...TRACKING_PLAN_ROUTES,
  ...PROCESSOR_ROUTES,
  ...RECONCILE_ROUTES,
  ...VERSION_ROUTES,
  ...DEFINITION_ROUTES,
  ...EXPLANATION_ROUTES,
  ...TRY_ROUTES,
  ...EVENT_ROUTES,
  ...STREAM_ROUTES,
  ...SHAPE_ROUTES,
  ...OVERVIEW_ROUTES,
  ...DEAD_LETTER_ROUTES,
  ...REPLAY_ROUTES,
  ...USER_ROUTES,
  ...DELETION_ROUTES,
  ...OAUTH_ROUTES,
  ...DELIVERY_ROUTES,
  ...LANE_ROUTES,
  ...TOKEN_ROUTES,
  ...ABOUT_ROUTES,
  'GET /api/openapi.json': route({
    does: 'This API as an OpenAPI 3.1 document.',
    answer: typed<Readonly<Record<string, unknown>>>({ type: 'object' }),
  }),
} as const;

/** The name of a route: `GET /api/events/:id`. */
export type RouteName = keyof typeof ROUTES;

/** The query of a route. */
export type QueryOf<N extends RouteName> = TypeOf<(typeof ROUTES)[N]['query']>;

/** The body of a route. */
export type BodyOf<N extends RouteName> = TypeOf<(typeof ROUTES)[N]['body']>;

/** The answer of a route. */
export type AnswerOf<N extends RouteName> = TypeOf<(typeof ROUTES)[N]['answer']>;

/** Returns the route with a name; undefined when there is none. */
export function routeOf(name: string): Route | undefined {
  return Object.hasOwn(ROUTES, name) ? (ROUTES as Readonly<Record<string, Route>>)[name] : undefined;
}

/** Returns the role that a route requires; undefined when there is no such route. */
export function roleOf(name: string): Role | 'anyone' | undefined {
  const route = routeOf(name);
  if (route === undefined) return undefined;
  if (route.role !== undefined) return route.role;
  if (name.startsWith('GET ')) return 'read';
  return route.edits || route.isConfig ? 'edit' : 'admin';
}
