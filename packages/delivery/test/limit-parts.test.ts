import { describe, expect, it } from 'vitest';
import { type PartHeld, partOf } from '../src/index.ts';
import { dice } from './dice.ts';

/** Lets members renew at random, then in turn, and returns what they hold in the end; parts must never overlap. */
function divided(members: readonly Omit<PartHeld, 'part'>[], seed: number): readonly number[] {
  const random = dice(seed);
  const held: PartHeld[] = members.map((one) => ({ ...one, part: one.own }));
  for (let turn = 0; turn < members.length * 8; turn += 1) {
    const at = turn < members.length * 5 ? Math.floor(random() * held.length) : turn % held.length;
    const one = held[at]!;
    held[at] = { ...one, part: partOf(one, held.toSpliced(at, 1)) };
    expect(held.reduce((sum, { part }) => sum + part, 0)).toBeLessThanOrEqual(1 + 1e-9);
  }
  return held.map(({ part }) => Math.round(part * 1_000) / 1_000);
}

describe('shares of a limit', () => {
  it('are equal while all want more', () => {
    expect(
      divided(
        [0.375, 0.375, 0.25].map((own) => ({ own, wanted: 1 })),
        3,
      ),
    ).toEqual([0.375, 0.375, 0.25]);
  });

  it('are lent by processes that want less to those that want more, in proportion', () => {
    const [idle, busy] = [
      { own: 0.375, wanted: 0 },
      { own: 0.375, wanted: 1 },
    ];
    expect(divided([busy, idle, { own: 0.25, wanted: 0 }], 4)).toEqual([1, 0, 0]);
    expect(divided([busy, idle, { own: 0.25, wanted: 1 }], 5)).toEqual([0.6, 0, 0.4]);
    expect(divided([busy, { own: 0.375, wanted: 0.1 }, { own: 0.25, wanted: 0.3 }], 6)).toEqual([
      0.6, 0.1, 0.3,
    ]);
  });

  it('are not lent by a process that never asked, and not used twice while one is reclaimed', () => {
    expect(
      divided(
        [
          { own: 0.375, wanted: 1 },
          { own: 0.375, wanted: 0 },
        ],
        7,
      ),
    ).toEqual([0.75, 0]);
    const borrower = { own: 0.5, wanted: 1, part: 1 };
    expect(partOf({ own: 0.5, wanted: 1 }, [borrower])).toBe(0);
    const less = partOf(borrower, [{ own: 0.5, wanted: 1, part: 0 }]);
    expect([less, partOf({ own: 0.5, wanted: 1 }, [{ ...borrower, part: less }])]).toEqual([0.5, 0.5]);
  });

  it('never exceed the whole, whichever processes come and go', () => {
    const random = dice(11);
    for (let round = 0; round < 300; round += 1) {
      const weights = Array.from({ length: 1 + Math.floor(random() * 5) }, () => random() + 0.01);
      const sum = weights.reduce((all, one) => all + one, 0);
      const members = weights.map((weight) => ({ own: weight / sum, wanted: random() < 0.3 ? 1 : random() }));
      const parts = divided(members, round);
      const wanted = members.reduce((all, one) => all + one.wanted, 0);
      const used = parts.reduce((all, one) => all + one, 0);
      expect(used).toBeCloseTo(Math.min(1, wanted), 1);
    }
  });
});
