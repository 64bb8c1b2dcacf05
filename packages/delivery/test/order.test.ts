import { describe, expect, it } from '@jest/globals';
import { delivered, type Item, type Outcome, rejected, retry } from '@waybill/core';
import { append, destination, event, mapping, type Thing, until, world } from './support.ts';

/** A repeatable source of randomness. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

describe('order', () => {
  it.each([1, 2, 3, 4])('holds for every user under random failures (seed %i)', async (seed) => {
    const random = dice(seed);
    const ended = new Map<string, string[]>();
    const answer = (items: readonly Item<Thing>[]): Outcome[] =>
      items.map(({ payload }) => {
        const fate = random();
        if (fate < 0.25) return retry(fate < 0.1 ? 'destination_timeout' : 'destination_result_unknown');
        const user = payload.user ?? '';
        ended.set(user, [...(ended.get(user) ?? []), payload.id]);
        return fate < 0.3 ? rejected('destination_rejected', 'No.') : delivered();
      });
    const second = { id: { '@template': '{{messageId}}-second' }, user: { '@path': '$.userId' } };
    const w = world(
      [
        destination(answer, {
          maxItems: 1,
          mappings: [mapping(), mapping({ id: 'second', mapping: second })],
        }),
      ],
      { random: dice(seed + 100), limits: { events: 20 } },
    );
    const expected = new Map<string, string[]>();
    for (let n = 0; n < 300; n += 1) {
      const user = `u${Math.floor(random() * 12)}`;
      const id = `m${String(n).padStart(3, '0')}`;
      expected.set(user, [...(expected.get(user) ?? []), id, `${id}-second`]);
      await append(w.log, [event(id, user)]);
      if (n % 10 === 0) {
        w.now.advance(500);
        w.engine.wake();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    await until(
      () => w.state.cursor('fake') === 300 && w.state.waiting('fake') === 0,
      () => {
        w.now.advance(5_000);
        w.engine.wake();
      },
    );
    expect(ended).toEqual(expected);
    const { delivered: done = 0, rejected: refused = 0 } = w.state.stats()[0] ?? {};
    expect(done + refused).toBe(600);
    const seqs = Array.from({ length: 300 }, (_, n) => n + 1);
    expect(w.state.outcomesOf(seqs)).toHaveLength(600);
    await w.close();
  });

  it('does not make others wait for a user with thousands of events', async () => {
    const seen: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const w = world(
      [
        destination(
          async (items) => {
            const [first] = items;
            if (seen.length > 200 && first?.payload.user === 'hot') await gate;
            seen.push(first?.payload.id ?? '');
            return [delivered()];
          },
          { maxItems: 1 },
        ),
      ],
      { limits: { events: 500 } },
    );
    const hot = Array.from({ length: 3_000 }, (_, n) => event(`hot${n}`, 'hot'));
    await append(w.log, [...hot.slice(0, 2_900), event('cold', 'cold'), ...hot.slice(2_900)]);
    w.engine.wake();
    await until(() => seen.includes('cold'));
    expect(seen.length).toBeLessThan(1_500);
    open();
    await w.engine.idle();
    expect(seen.filter((id) => id !== 'cold')).toEqual(hot.map((one) => one.messageId));
    await w.close();
  });

  it('does not make others wait for a call that hangs, and keeps its user in order', async () => {
    const seen: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const w = world(
      [
        destination(
          async (items) => {
            const id = items[0]?.payload.id ?? '';
            if (id === 'stuck1') await gate;
            seen.push(id);
            return [delivered()];
          },
          { maxItems: 1 },
        ),
      ],
      { limits: { patience: 20 } },
    );
    await append(w.log, [event('stuck1', 'stuck'), event('a1', 'a'), event('stuck2', 'stuck')]);
    w.engine.wake();
    await until(() => w.state.cursor('fake') === 3);
    await append(w.log, [event('a2', 'a'), event('stuck3', 'stuck')]);
    w.engine.wake();
    await until(() => w.state.cursor('fake') === 5);
    w.now.advance(120_000);
    w.engine.wake();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen).toEqual(['a1', 'a2']);
    expect(w.state.waiting('fake')).toBe(3);
    open();
    await w.engine.idle();
    expect(seen).toEqual(['a1', 'a2', 'stuck1', 'stuck2', 'stuck3']);
    expect(w.state.stats()[0]).toMatchObject({ delivered: 5, retrying: 0 });
    await w.close();
  });
});
