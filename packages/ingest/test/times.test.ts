import { expect, it } from 'vitest';
import { compareTimes } from '../src/shops/run.ts';

it('times have one order, in every notation', () => {
  // Ascending; those of one list are the same moment.
  const moments = [
    ['2023-12-31T23:59:59.999Z'],
    [
      '2024-01-01T00:00:00.000Z',
      '2024-01-01T00:00:00Z',
      '2024-01-01T01:00:00+01:00',
      'Mon, 01 Jan 2024 00:00 Z',
    ],
    ['2024-01-01T00:00:00.001Z', '2023-12-31T16:00:00.001-08:00'],
    ['2024-10-01T00:00:00.000Z'],
  ];
  for (const [at, earlier] of moments.entries()) {
    for (const [place, later] of moments.entries()) {
      for (const one of earlier) {
        for (const other of later) {
          // Times of the same length and millisecond differ in their text.
          if (at === place && one.length === other.length && one !== other) continue;
          expect(Math.sign(compareTimes(one, other)), `${one} and ${other}`).toBe(Math.sign(at - place));
        }
      }
    }
  }
});
