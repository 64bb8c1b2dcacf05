import { members, route } from './route.ts';
import { among, AT, list, MOMENT, named, object, text, type TypeOf, whole } from './schema.ts';

const SIZES = ['minute', 'hour'] as const;
const P50 = whole({ description: 'Median time from arrival to delivery, in milliseconds.' });
const P95 = whole({ description: '95th percentile of the time from arrival to delivery, in milliseconds.' });
const COUNTS = {
  accepted: whole(),
  duplicate: whole(),
  refused: whole(),
  sources: list(object({ sourceId: text(), accepted: whole() })),
  refusals: list(object({ code: text(), count: whole() })),
  outcomes: list(
    object({
      destination: text(),
      mappingId: text({ description: 'Empty when no mapping of the destination matched.' }),
      status: among(['delivered', 'skipped', 'rejected', 'retry']),
      code: text({ description: 'Empty for delivered items.' }),
      count: whole({ description: 'Attempts, for `retry`; items otherwise.' }),
    }),
  ),
  delays: list(object({ destination: text(), p50: P50, p95: P95 })),
};
const DELAYED = { p50: P50, p95: P95 };
const REASON = object({
  code: text(),
  status: among(['rejected', 'retry', 'refused']),
  count: whole(),
  message: text(),
  remedy: text(),
});
const TOTALS = named(
  'OverviewCounts',
  object({ ...COUNTS, reasons: list(REASON, { description: 'The most frequent reasons first.' }) }, DELAYED),
);
const OVERVIEW = named(
  'Overview',
  object({
    from: AT,
    to: AT,
    step: among(SIZES),
    steps: list(object({ at: AT, ...COUNTS }, DELAYED), {
      description: 'In chronological order, without empty ones.',
    }),
    totals: TOTALS,
    before: TOTALS,
  }),
);

/** Counts of a period. */
export type Overview = TypeOf<typeof OVERVIEW>;

/** The counts of an overview. */
export type OverviewCounts = TypeOf<typeof TOTALS>;

/** The route of the overview. */
export const OVERVIEW_ROUTES = {
  'GET /api/overview': route({
    does: 'The activity of a period in steps: events accepted, duplicate and refused, outcomes by mapping and reason, and delivery times, with the totals, and `before`, the totals of the previous period of the same length. Minutes are stored for two days, hours for 90 days.',
    query: members({ from: MOMENT, to: MOMENT, step: among(SIZES) }),
    answer: OVERVIEW,
  }),
} as const;
