import type { Tried } from '@waybill/api';

type Total = Tried['totals']['outcomes'][number];

/** The number of events with an outcome, by the current mapping and by the draft. */
export interface Change {
  readonly outcome: Total['outcome'];
  readonly code: Total['code'];
  readonly before: number;
  readonly after: number;
}

const ORDER: readonly Total['outcome'][] = ['sent', 'retry', 'rejected', 'skipped'];

/** Returns every outcome, before or after: delivered ones first. */
export function outlookOf({ outcomes, before = [] }: Tried['totals']): readonly Change[] {
  const found = new Map<string, Change>();
  const add = (totals: readonly Total[], side: 'before' | 'after'): void => {
    for (const { outcome, code, count } of totals) {
      const name = `${outcome} ${code ?? ''}`;
      const known = found.get(name) ?? { outcome, code, before: 0, after: 0 };
      found.set(name, { ...known, [side]: known[side] + count });
    }
  };
  add(before, 'before');
  add(outcomes, 'after');
  return [...found.values()].toSorted((a, b) => {
    const rank = ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome);
    return rank === 0 ? Math.max(b.before, b.after) - Math.max(a.before, a.after) : rank;
  });
}
