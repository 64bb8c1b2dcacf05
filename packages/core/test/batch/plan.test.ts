import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type CallRule, planCalls, type PlannedItem, splitBatch } from '../../src/batch/plan.ts';
import type { Item } from '../../src/define/action.ts';

const bulk = (action: string, more: Partial<CallRule> = {}): CallRule => ({
  action,
  maxItems: 3,
  maxBytes: 1000,
  oneItemPerUser: false,
  ...more,
});
const single = (action: string): CallRule => bulk(action, { maxItems: 1 });

let made = 0;
function item(user: string, rule: CallRule, bytes = 1, payload: unknown = undefined): PlannedItem {
  return { user, rule, bytes, item: { key: `${user}${++made}`, payload } as Item };
}

function drawn(items: readonly PlannedItem[]): string[] {
  return planCalls(items).map((stage) =>
    stage.map((call) => `${call.rule.action}(${call.items.map((one) => one.user).join(' ')})`).join(' '),
  );
}

describe('planning calls', () => {
  it('puts different users of an action into one call', () => {
    expect(drawn([item('a', bulk('up')), item('b', bulk('up'))])).toEqual(['up(a b)']);
  });

  it('keeps the order of a user across actions, and lets other users share the calls', () => {
    const items = [
      item('a', bulk('up')),
      item('a', single('buy')),
      item('b', bulk('up')),
      item('a', bulk('up')),
    ];
    expect(drawn(items)).toEqual(['up(a b)', 'buy(a)', 'up(a)']);
  });

  it('puts a user only once into a call whose answer names users', () => {
    const rule = bulk('up', { oneItemPerUser: true });
    expect(drawn([item('a', rule), item('a', rule), item('b', rule)])).toEqual(['up(a b)', 'up(a)']);
  });

  it('lets a user have several items in a call whose answer distinguishes them', () => {
    expect(drawn([item('a', bulk('ev')), item('a', bulk('ev')), item('b', bulk('ev'))])).toEqual([
      'ev(a a b)',
    ]);
  });

  it('orders the calls of a group with a shared user', () => {
    const items = ['a', 'a', 'a', 'a', 'b'].map((user) => item(user, bulk('ev')));
    expect(drawn(items)).toEqual(['ev(a a a)', 'ev(a b)']);
  });

  it('separates items that the action does not combine', () => {
    const [one, other] = ['a', 'b'].map((user) => ({ ...item(user, bulk('up')), group: `list of ${user}` }));
    expect(drawn([one!, other!])).toEqual(['up(a) up(b)']);
  });

  it('splits by items and by bytes, and sends an oversized item alone', () => {
    const rule = bulk('ev', { maxBytes: 10 });
    const calls = splitBatch(
      [4, 5, 3, 20, 1, 1, 1, 1].map((bytes) => item('a', rule, bytes)),
      rule,
    );
    expect(calls.map((call) => call.items.map((one) => one.bytes))).toEqual([
      [4, 5],
      [3],
      [20],
      [1, 1, 1],
      [1],
    ]);
  });

  it('sends every item once, within the limits, and never reorders a user', () => {
    const rules = [bulk('ev'), bulk('up', { oneItemPerUser: true }), single('buy')];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('a', 'b', 'c'),
            fc.constantFrom(...rules),
            fc.integer({ min: 1, max: 600 }),
          ),
          {
            maxLength: 40,
          },
        ),
        (given) => {
          const items = given.map(([user, rule, bytes]) => item(user, rule, bytes));
          const sent: PlannedItem[] = [];
          for (const stage of planCalls(items)) {
            const users = new Map<string, number>();
            for (const [index, call] of stage.entries()) {
              expect(call.items.length).toBeLessThanOrEqual(call.rule.maxItems);
              for (const one of call.items) {
                // Two calls of one stage run at the same time: only one of them may contain a user.
                expect(users.get(one.user) ?? index).toBe(index);
                users.set(one.user, index);
                sent.push(one);
              }
              if (call.rule.oneItemPerUser) {
                expect(new Set(call.items.map((one) => one.user)).size).toBe(call.items.length);
              }
            }
          }
          expect(sent).toHaveLength(items.length);
          for (const user of ['a', 'b', 'c']) {
            const of = (list: readonly PlannedItem[]) =>
              list.filter((one) => one.user === user).map((one) => one.item.key);
            expect(of(sent)).toEqual(of(items));
          }
        },
      ),
    );
  });
});
