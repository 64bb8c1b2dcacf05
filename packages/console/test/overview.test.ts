import { expect, it } from 'vitest';
import type { Overview } from '@waybill/api';
import { barsOf, changeOf, funnelOf } from '../src/pages/overview/figures.ts';

const NONE = {
  accepted: 0,
  duplicate: 0,
  refused: 0,
  sources: [],
  refusals: [],
  outcomes: [],
  delays: [],
  reasons: [],
};
const HOUR = 3_600_000;

function outcome(status: 'delivered' | 'skipped' | 'rejected' | 'retry', count: number, mappingId = 'm') {
  return { destination: 'd', mappingId, status, code: '', count };
}

it('a funnel counts items of mappings, and no events without a mapping', () => {
  const outcomes = [
    outcome('delivered', 5),
    outcome('skipped', 2),
    outcome('skipped', 90, ''),
    outcome('rejected', 1),
    outcome('retry', 7),
  ];
  expect(funnelOf({ ...NONE, accepted: 98, outcomes })).toMatchObject({
    accepted: 98,
    matched: 8,
    delivered: 5,
    skipped: 2,
    rejected: 1,
    retried: 7,
  });
});

it('bars have the same length, and contain everything once', () => {
  const steps = Array.from({ length: 168 }, (_, n) => ({ ...NONE, at: n * HOUR, accepted: 1 }));
  const overview: Overview = {
    from: 0,
    to: 168 * HOUR,
    step: 'hour',
    steps: steps.filter(({ at }) => at !== 5 * HOUR),
    totals: NONE,
    before: NONE,
  };
  const bars = barsOf(overview, 56);
  expect(bars.map(({ from, to }) => to - from)).toEqual(Array.from({ length: 56 }, () => 3 * HOUR));
  expect(bars.map(({ accepted }) => accepted)).toEqual([3, 2, ...Array.from({ length: 54 }, () => 3)]);
  expect([changeOf(3, 2), changeOf(1, 2), changeOf(1, 0)]).toEqual([0.5, -0.5, undefined]);
});
