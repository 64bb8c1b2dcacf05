import { describe, expect, it } from 'vitest';
import { changesOf } from '@waybill/commerce';
import { cases, contextOf, issuesOf, NOW } from './support.ts';

describe.each(cases)('%s', (_file, all) => {
  it.each(all.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { before, after, settings, known, events } = one;
    for (const state of [before, after, ...(known ?? [])])
      if (state !== undefined && !('gone' in state)) expect(issuesOf(state)).toEqual([]);
    const given = structuredClone(one);
    const made = changesOf(before, after, contextOf(settings, known));
    expect(made).toMatchObject(events);
    // Inputs are unchanged, and repetition gives the same result.
    expect(one).toEqual(given);
    expect(changesOf(before, after, contextOf(settings, known))).toEqual(made);
    expect(new Set(made.map(({ messageId }) => messageId)).size).toBe(made.length);
    for (const { messageId, userId, anonymousId } of made) {
      expect(messageId.length).toBeLessThanOrEqual(100);
      expect(userId ?? anonymousId).toBeTruthy();
    }
  });
});

it('reports states of different things', () => {
  const order = { kind: 'order', id: '1', status: 'open', currency: 'EUR', total: 0 } as const;
  expect(() => changesOf(order, { ...order, id: '2' }, contextOf())).toThrow('order 1 cannot become order 2');
});

it('does not count live or already known changes as history', () => {
  const order = { kind: 'order', id: '1', status: 'placed', currency: 'EUR', total: 0 } as const;
  const placedAt = new Date(NOW - 6 * 86_400_000).toISOString();
  const [seen] = changesOf(undefined, { ...order, placedAt }, contextOf());
  const old = { ...order, placedAt: '2026-01-01T00:00:00.000Z' };
  const shipped = { ...old, shipments: [{ id: 's', at: '2026-01-02T00:00:00.000Z' }] };
  const [told] = changesOf(old, shipped, contextOf());
  for (const event of [seen, told]) expect(event?.context).not.toHaveProperty('historical');
});
