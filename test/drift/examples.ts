import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openHarness } from '../e2e/harness.ts';

/** The file with the examples of the OpenAPI document. */
export const EXAMPLES_FILE = join(resolve(import.meta.dirname, '../..'), 'packages/api/src/examples.json');

/** Answers of these are shown; parameters of their paths are filled in. */
const SHOWN: Readonly<Record<string, string>> = {
  'GET /api/workspace': 'workspace',
  'GET /api/sources': 'sources',
  'GET /api/sources/:id': 'sources/shop',
  'GET /api/sources/:id/versions': 'sources/shop/versions',
  'GET /api/destinations/:id/mappings/:mapping': 'destinations/iterable/mappings/track-calls',
  'GET /api/events': 'events',
  'GET /api/events/:id': 'events/order-1',
  'GET /api/dead-letters': 'dead-letters',
  'GET /api/delivery': 'delivery',
  'GET /api/refusals': 'refusals',
};

/** What a real server answers, without what differs from run to run. */
export async function takeExamples(): Promise<Readonly<Record<string, unknown>>> {
  const harness = await openHarness();
  try {
    await harness.track('track', { messageId: 'order-1', userId: 'ada', event: 'Seen' });
    await harness.track('track', { messageId: 'order-2', event: 'Seen', anonymousId: 'a1' });
    await harness.track('track', { messageId: 'order-3' });
    await harness.server.idle();
    const taken: Record<string, unknown> = {};
    for (const [name, path] of Object.entries(SHOWN)) {
      const { status, body } = await harness.admin(path);
      if (status !== 200) throw new Error(`${name} answers ${status}: ${JSON.stringify(body)}`);
      taken[name] = steady(body);
    }
    return taken;
  } finally {
    await harness.close();
  }
}

/** The same value whenever it is taken: times, ports and sizes are those of one moment. */
function steady(value: unknown, key = ''): unknown {
  if (key === 'headers') return { 'content-type': 'application/json' };
  if (key === 'durationMs') return 12;
  if (typeof value === 'number') return value > 1_000_000_000_000 ? 1_767_225_600_000 : value;
  if (typeof value === 'string')
    return value
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-01T00:00:00.000Z')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:4401')
      .replace(/"createdAt":\d+/g, '"createdAt":1767225600');
  if (Array.isArray(value)) return value.slice(0, 2).map((one) => steady(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, steady(member, name)]));
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(EXAMPLES_FILE, `${JSON.stringify(await takeExamples(), null, 2)}\n`);
