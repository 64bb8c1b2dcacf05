import type { HttpResponse, RateLimit, RateReading } from '@waybill/core';

import { isRecord } from '../../http/json.ts';
import type { Settings } from '../settings.ts';

const perSecond = (amount: number, ...endpoints: readonly string[]): RateLimit[] =>
  endpoints.map((endpoint) => limit(endpoint, amount, 1));
const perMinute = (amount: number, ...endpoints: readonly string[]): RateLimit[] =>
  endpoints.map((endpoint) => limit(endpoint, amount, 60));

function limit(endpoint: string, amount: number, seconds: number): RateLimit {
  const [method, path] = endpoint.split(' ') as [RateLimit['method'] & string, string];
  return { method, path, amount, seconds };
}

/**
 * Iterable's published limits. Most apply to a project; those of merging and catalogs to a key. Others (commerce, e-mail
 * addresses, subscriptions, lists) are not published, and are learned.
 */
const PUBLISHED_LIMITS: readonly RateLimit[] = [
  ...perSecond(2_000, 'POST /api/events/track'),
  ...perSecond(500, 'POST /api/users/update', 'POST /api/users/registerDeviceToken'),
  ...perSecond(
    100,
    'GET /api/users/{email}',
    'GET /api/users/getByEmail',
    'GET /api/users/byUserId',
    'GET /api/users/byUserId/{userId}',
    'GET /api/events/{email}',
    'GET /api/events/byUserId/{userId}',
    'DELETE /api/users/{email}',
    'DELETE /api/users/byUserId/{userId}',
    'GET /api/lists',
    'GET /api/channels',
    'GET /api/messageTypes',
    'GET /api/campaigns',
    'GET /api/templates',
  ),
  ...perSecond(10, 'POST /api/events/trackBulk'),
  ...perSecond(5, 'POST /api/users/bulkUpdate'),
  ...perSecond(
    3,
    'POST /api/users/forget',
    'POST /api/users/unforget',
    'GET /api/users/forgotten',
    'GET /api/users/forgottenUserIds',
    'GET /api/users/getFields',
    'GET /api/users/getSentMessages',
  ),
  limit('POST /api/users/forget', 1_000, 86_400),
  limit('POST /api/users/unforget', 1_000, 86_400),
  ...perMinute(5, 'GET /api/lists/{listId}/size', 'GET /api/lists/getUsers', 'GET /api/lists/previewUsers'),
  ...perMinute(10, 'GET /api/campaigns/metrics'),
  ...perMinute(4, 'GET /api/export/data.csv', 'GET /api/export/data.json'),
  ...perSecond(1, 'POST /api/export/start'),
  ...perSecond(50, 'POST /api/users/merge'),
  ...perSecond(
    100,
    'GET /api/catalogs',
    'GET /api/catalogs/{catalog}/items',
    'POST /api/catalogs/{catalog}/items',
    'GET /api/catalogs/{catalog}/items/{item}',
  ),
  ...perSecond(1_000, 'PUT /api/catalogs/{catalog}/items/{item}'),
  ...perSecond(5, 'POST /api/campaigns/archive'),
];

const ASSUMED_LIMITS = PUBLISHED_LIMITS.map((one): RateLimit => ({ ...one, assumed: true }));

/** Returns the limits for the settings. A custom address may have none of them. */
export function rateLimits(settings: Settings): readonly RateLimit[] {
  return settings.apiUrl === undefined || settings.apiUrl === '' ? PUBLISHED_LIMITS : ASSUMED_LIMITS;
}

/** Reads the limits that Iterable's newer endpoints include in a 429. */
export function readRateLimit(response: HttpResponse): RateReading | undefined {
  const params = isRecord(response.body) ? response.body['params'] : undefined;
  if (!isRecord(params)) return undefined;
  const { rateLimitLimit: most, rateLimitReset: reset } = params;
  // Documented as seconds to wait; a number this large can only be a point in time.
  const seconds = typeof reset === 'number' && reset > 1_000_000_000 ? reset - Date.now() / 1000 : reset;
  return {
    ...(typeof most === 'number' ? { limit: most } : {}),
    ...(typeof seconds === 'number' && seconds >= 0 ? { resetMs: Math.ceil(seconds * 1000) } : {}),
  };
}
