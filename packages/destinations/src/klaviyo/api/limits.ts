import type { RateLimit } from '@waybill/core';

import type { Settings } from '../settings.ts';

const SECOND = 1;
const MINUTE = 60;
const DAY = 86_400;

/** Klaviyo's sizes of limits: calls per second and per minute. Both apply, to the whole account. */
const SIZES = { XS: [1, 15], S: [3, 60], M: [10, 150], L: [75, 750], XL: [350, 3_500] } as const;

const ENDPOINTS: readonly (readonly [string, keyof typeof SIZES])[] = [
  ['POST /api/events', 'XL'],
  ['POST /api/event-bulk-create-jobs', 'M'],
  ['POST /api/profile-import', 'L'],
  ['POST /api/profile-bulk-import-jobs', 'M'],
  ['GET /api/profile-bulk-import-jobs/{id}', 'M'],
  ['GET /api/profile-bulk-import-jobs/{id}/import-errors', 'M'],
  ['GET /api/profiles', 'L'],
  ['POST /api/lists/{id}/relationships/profiles', 'M'],
  ['DELETE /api/lists/{id}/relationships/profiles', 'M'],
  ['GET /api/lists', 'L'],
  ['POST /api/lists', 'M'],
  ['POST /api/profile-subscription-bulk-create-jobs', 'L'],
  ['POST /api/profile-subscription-bulk-delete-jobs', 'L'],
  ['POST /api/data-privacy-deletion-jobs', 'S'],
  ['GET /api/accounts', 'XS'],
];

const PUBLISHED: readonly RateLimit[] = [
  ...ENDPOINTS.flatMap(([endpoint, size]) => {
    const [burst, steady] = SIZES[size];
    return [limit(endpoint, burst, SECOND), limit(endpoint, steady, MINUTE)];
  }),
  limit('POST /api/lists', 150, DAY),
];

const ASSUMED = PUBLISHED.map((one): RateLimit => ({ ...one, assumed: true }));

function limit(endpoint: string, amount: number, seconds: number): RateLimit {
  const [method, path] = endpoint.split(' ') as [RateLimit['method'] & string, string];
  return { method, path, amount, seconds };
}

/** The published limits. A custom address may have none of them. */
export function rateLimits({ apiUrl }: Settings): readonly RateLimit[] {
  return apiUrl === undefined || apiUrl === '' ? PUBLISHED : ASSUMED;
}
