import { describe, expect, it } from 'vitest';
import { readAnalytics } from '../src/shops/reconcile/analytics.ts';
import { differencesOf } from '../src/shops/reconcile/compare.ts';
import type { LoggedOrder, ShopOrder } from '../src/shops/reconcile/facts.ts';

const at = Date.parse('2026-01-15T12:00:00Z');
const order: ShopOrder = {
  id: '1',
  number: 'A-1',
  at,
  currency: 'EUR',
  total: 1_190,
  net: 1_000,
  refunded: 0,
  status: 'placed',
};
const logged: LoggedOrder = {
  completed: 1,
  at,
  currency: 'EUR',
  total: 1_190,
  status: 'placed',
  refunds: new Map(),
  isDeleted: false,
  expected: { total: 1_190, refunded: 0 },
  events: [],
};

/** The faults of one order. */
function faults(more: Partial<Parameters<typeof differencesOf>[0]>): readonly string[] {
  const differences = differencesOf({
    shop: new Map([['1', order]]),
    unreadable: new Map(),
    log: new Map([['1', logged]]),
    span: { from: at - 1, to: at + 1 },
    dayOf: () => '2026-01-15',
    ...more,
  });
  return differences.flatMap(({ order: id, faults: all }) =>
    all.map(({ column, kind }) => `${id} ${column} ${kind}`),
  );
}

describe('differences between a shop, its log and an export', () => {
  it.each<[string, Partial<LoggedOrder>]>([
    ['doubled', { completed: 2 }],
    ['missing', { completed: 0 }],
    ['amount', { total: 1_191 }],
    ['currency', { currency: 'USD' }],
    ['status', { status: 'cancelled' }],
    ['refunded', { refunds: new Map([['r1', 100]]) }],
  ])('%s in the log', (kind, change) => {
    expect(faults({ log: new Map([['1', { ...logged, ...change }]]) })).toEqual([`1 log ${kind}`]);
  });
  it('an order that is missing in the shop', () => {
    const log = new Map([
      ['1', logged],
      ['2', logged],
      ['3', { ...logged, isDeleted: true }],
    ]);
    expect(faults({ log })).toEqual(['2 log extra']);
  });
  it('events of a destination that no other sender can have sent', () => {
    const rows = new Map([
      ['1', [{ order: '1', key: '1', amount: 11.9 }]],
      ['9', [{ order: '9', key: '9', amount: 1, at }]],
    ]);
    const held = { orders: rows, refunds: new Map(), isAlone: true };
    expect(faults({ held })).toEqual(['9 destination extra']);
    expect(faults({ held: { ...held, isAlone: false } })).toEqual([]);
  });
  it.each([
    ['the same, by number and without tax', 'A-1,10.00,EUR', []],
    ['the same, by id', '1,11.9,eur', []],
    ['another amount', '1,12,EUR', ['1 ga4 amount']],
    ['another currency', '1,11.90,USD', ['1 ga4 currency']],
    ['twice', '1,11.90,EUR\n1,11.90,EUR', ['1 ga4 doubled']],
    ['another order', '7,1,EUR', ['7 ga4 extra', '1 ga4 missing']],
  ])('an export of analytics: %s', (_name, lines, expected) => {
    const read = readAnalytics(
      `# Report\n\n"Transaction ID","Purchase revenue",Currency\n${lines}\n,99,EUR\n`,
    );
    expect(faults({ ga4: 'rows' in read ? read.rows : [] })).toEqual(expected);
  });
});

it('reads exports of analytics: quotes, dates, line breaks', () => {
  const text =
    '\uFEFFDate,Transaction ID,Total revenue\r\n20260115,"a ""b"", c","1.50"\r\n2026-01-16,(not set),3\r\n';
  expect(readAnalytics(text)).toEqual({ rows: [{ order: 'a "b", c', revenue: '1.50', day: '2026-01-15' }] });
  expect(readAnalytics('')).toMatchObject({ problem: expect.stringContaining('transaction IDs') });
});
