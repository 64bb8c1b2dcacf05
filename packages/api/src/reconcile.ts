import { CODE } from './issues.ts';
import { members, route } from './route.ts';
import { among, AT, list, MOMENT, NAME, named, number, object, text, type TypeOf, whole } from './schema.ts';

const COLUMN = among(['shop', 'log', 'destination', 'ga4']);

const SUMS = named('ReconcileSums', object({ orders: whole(), revenue: number(), refunded: number() }));

const DAY = named(
  'ReconcileDay',
  object(
    {
      day: text({ description: 'YYYY-MM-DD.' }),
      currency: text(),
      sums: object({}, { shop: SUMS, log: SUMS, destination: SUMS, ga4: SUMS }),
    },
    { store: text() },
  ),
);

const FAULT = object(
  {
    column: COLUMN,
    kind: among(['missing', 'doubled', 'extra', 'amount', 'currency', 'refunded', 'status', 'unreadable']),
  },
  { expected: text(), found: text() },
);

const OUTCOME = object(
  { destination: text(), mappingId: text(), status: text() },
  { code: text(), deadLetterId: whole() },
);

const DIFFERENCE = named(
  'ReconcileDifference',
  object(
    {
      order: text({ description: 'Its ID in the shop.' }),
      faults: list(FAULT),
      events: list(
        object({
          seq: whole(),
          messageId: text(),
          sourceId: text(),
          event: text(),
          at: text({ description: 'ISO 8601.' }),
          outcomes: list(OUTCOME),
        }),
        { description: 'The events of the order, and their outcomes.' },
      ),
    },
    {
      number: text({ description: 'The number that customers see.' }),
      day: text(),
      currency: text(),
      store: text(),
    },
  ),
);

const RECONCILIATION = named(
  'Reconciliation',
  object(
    {
      source: text(),
      from: AT,
      to: AT,
      timeZone: text(),
      state: among(['running', 'ended', 'failed']),
      startedAt: AT,
    },
    {
      destination: text({ description: 'The destination that was read back; absent if none stores orders.' }),
      doing: { ...COLUMN, description: 'Which column is being read.' },
      read: whole({ description: 'Rows, or events, of that column so far.' }),
      failure: object({ code: CODE, message: text() }),
      result: object({
        columns: list(COLUMN),
        orders: whole({ description: 'Orders of the shop.' }),
        days: list(DAY),
        differences: list(DIFFERENCE, { description: 'The oldest 1,000.' }),
        differing: whole({ description: 'The total number.' }),
      }),
    },
  ),
);

/** A comparison of a shop with the log and with a destination. */
export type ReconciliationAnswer = TypeOf<typeof RECONCILIATION>;

/** Routes that compare a shop with the outcomes of its orders. */
export const RECONCILE_ROUTES = {
  'POST /api/sources/:id/reconcile': route({
    role: 'send',
    does: 'Starts to compare the orders of a shop in a period with the log and with a destination; one comparison at a time. `GET` returns its progress and result.',
    body: members(
      {
        destination: { ...NAME, description: 'If absent, the only one that records orders of the source.' },
        timeZone: text({
          minLength: 1,
          maxLength: 64,
          description: 'The time zone of days, as an IANA name; UTC when absent.',
        }),
        ga4: text({ maxLength: 4_000_000, description: 'An export of Google Analytics, as CSV.' }),
      },
      { from: MOMENT, to: MOMENT },
    ),
    answer: RECONCILIATION,
    errors: ['request_not_found'],
  }),
  'GET /api/sources/:id/reconcile': route({
    does: 'The newest comparison of a source since the server started.',
    answer: RECONCILIATION,
    errors: ['request_not_found'],
  }),
} as const;
