import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineFields, defineProcessor, type ResolvedProcessor, type SourceEvent } from '@waybill/core';
import {
  createProcessors,
  type Processors,
  readRow,
  type RunHandle,
  type RunStanding,
} from '@waybill/ingest';
import { type World, world } from './support.ts';

const integer = { type: 'integer', label: 'Sum', description: 'x' } as const;

/** Sums payments of a person, reports the sum, and reminds once after a while. */
const sums = defineProcessor({
  slug: 'sums',
  name: 'Sums',
  description: 'Adds up.',
  settings: defineFields({
    factor: { ...integer, default: 1 },
    wait: { ...integer, default: 3_600_000 },
  }),
  trigger: 'type = "track" and event = "Paid"',
  events: { Sum: defineFields({ sum: integer }), Reminded: defineFields({ sum: integer }) },
  initial: () => ({ sum: 0 }),
  process(state, { properties }, { settings: { factor = 1, wait = 0 }, now }) {
    const sum = state.sum + factor * Number(properties?.['amount']);
    return {
      state: { sum },
      events: [{ event: 'Sum', properties: { sum } }],
      timers: { remind: now + wait },
    };
  },
  merge: (state, earlier) => ({ state: { sum: state.sum + earlier.state.sum }, timers: earlier.timers }),
  wake: (state) => ({
    state,
    events: [{ event: 'Reminded', properties: state, key: `reminded ${state.sum}` }],
  }),
  correct: ({ sum }) => [{ event: 'Sum', properties: { sum } }],
});
const instance = (settings: object = {}): ResolvedProcessor => ({
  id: 'sums',
  name: 'sums',
  enabled: true,
  processor: sums,
  sources: ['shop'],
  settings: { factor: 1, wait: 3_600_000, ...settings },
});

let one: World;
let processors: Processors;
const open = async (...configs: readonly ResolvedProcessor[]): Promise<void> => {
  processors = createProcessors({
    log: one.log,
    intake: one.intake,
    holder: 'test',
    now: () => one.time.now,
    onFailure: (_processor, { message }) => {
      throw new Error(message);
    },
    onError: () => undefined,
  });
  await processors.configure(configs);
  await processors.idle();
};
beforeEach(async () => {
  one = await world();
  await open(instance());
});
afterEach(async () => {
  await processors.stop();
  await one.close();
});

let ids = 0;
const paid = (amount: number, who: Partial<SourceEvent>): SourceEvent => ({
  type: 'track',
  event: 'Paid',
  messageId: `p-${(ids += 1)}`,
  properties: { amount },
  ...who,
});
const ada = { userId: 'ada' };
const bob = { userId: 'bob' };
const told = async (name: string): Promise<unknown[]> =>
  (await one.all())
    .filter(({ event }) => event === name)
    .map(({ userId, properties }) => `${userId} ${String(properties?.['sum'])}`);
const run = (): RunHandle => processors.of('sums')[0]!;
const recomputation = async (): Promise<RunStanding['recomputation']> =>
  (await run().standing()).recomputation;
const sumOf = async (key: string): Promise<unknown> =>
  JSON.parse((await run().user(key))?.state ?? '{}') as unknown;

describe('a recomputation', () => {
  it('shows the differences per user, changes nothing before it is applied, and then reports its status', async () => {
    await one.send('shop', paid(1, ada), paid(2, bob), paid(3, ada));
    await processors.idle();
    await processors.configure([instance({ factor: 10 })]);
    await one.send('shop', paid(4, ada));
    await processors.idle();
    await run().recompute({ keeps: false });
    await processors.idle();
    const ready = await recomputation();
    expect(ready).toMatchObject({ phase: 'ready', events: 4, users: 2, differing: 2 });
    expect(ready?.examples).toEqual([
      { user: 'u:ada', before: { sum: 44 }, after: { sum: 80 } },
      { user: 'u:bob', before: { sum: 2 }, after: { sum: 20 } },
    ]);
    expect(await sumOf('u:ada')).toEqual({ sum: 44 });
    // Events before the decision are included too.
    await one.send('shop', paid(5, bob));
    await processors.idle();
    await run().apply();
    await processors.idle();
    expect(await recomputation()).toBeUndefined();
    expect([await sumOf('u:ada'), await sumOf('u:bob')]).toEqual([{ sum: 80 }, { sum: 70 }]);
    expect((await told('Sum')).slice(-2)).toEqual(['ada 80', 'bob 70']);
    await one.send('shop', paid(1, bob));
    await processors.idle();
    expect(await sumOf('u:bob')).toEqual({ sum: 80 });
    expect((await one.log.carriedAfter('processor sums', { limit: 9 })).map(({ key }) => key)).toEqual([
      'u:ada',
      'u:bob',
    ]);
  });

  it('sends nothing again and nothing late, and sets timers as they should be', async () => {
    await one.send('shop', paid(1, ada));
    await processors.idle();
    one.time.now += 3_600_000;
    await one.send('shop', paid(2, bob));
    await processors.idle();
    await processors.configure([instance({ wait: 7_200_000 })]);
    await processors.idle();
    await run().recompute({ keeps: false });
    await processors.idle();
    expect(await recomputation()).toMatchObject({ phase: 'ready', differing: 2 });
    await run().apply();
    await processors.idle();
    expect(await run().timers(9)).toEqual([
      { user: 'u:ada', name: 'remind', due: one.time.now + 3_600_000 },
      { user: 'u:bob', name: 'remind', due: one.time.now + 7_200_000 },
    ]);
    one.time.now += 7_200_000;
    await processors.idle();
    // The one was reminded of that sum long ago.
    expect(await told('Reminded')).toEqual(['ada 1', 'bob 2']);
  });

  it('begins at a time, skips users without events since, and can be cancelled', async () => {
    await one.send('shop', paid(1, ada), paid(2, bob));
    await processors.idle();
    one.time.now += 60_000;
    const from = one.time.now;
    await one.send('shop', paid(4, ada));
    await processors.idle();
    await run().recompute({ from, keeps: false });
    await processors.idle();
    expect(await recomputation()).toMatchObject({
      users: 1,
      examples: [{ user: 'u:ada', after: { sum: 4 } }],
    });
    await run().cancel();
    await processors.idle();
    expect(await recomputation()).toBeUndefined();
    expect([await sumOf('u:ada'), await sumOf('u:bob')]).toEqual([{ sum: 5 }, { sum: 2 }]);
    await run().recompute({ from, keeps: true });
    await processors.idle();
    expect(await recomputation()).toMatchObject({ examples: [{ user: 'u:ada', after: { sum: 9 } }] });
    await run().cancel();
    expect((await one.log.carriedAfter('processor sums', { limit: 9 })).length).toBe(2);
  });

  it('keeps users together that an older event has merged', async () => {
    await one.send('shop', { type: 'identify', messageId: 'i', anonymousId: 'v', ...ada }, paid(1, ada));
    await processors.idle();
    one.time.now += 1;
    const from = one.time.now;
    await one.send('shop', paid(2, { anonymousId: 'v' }));
    await processors.idle();
    await run().recompute({ from, keeps: false });
    await processors.idle();
    expect((await recomputation())?.examples).toEqual([
      { user: 'u:ada', before: { sum: 3 }, after: { sum: 2 } },
    ]);
  });

  it('continues after a crash at any point, with the same result', async () => {
    const many = Array.from({ length: 900 }, (_, at) => paid(1, { userId: `u${at % 450}` }));
    await one.send('shop', ...many);
    await processors.idle();
    await processors.configure([instance({ factor: 3 })]);
    await processors.idle();
    await run().recompute({ keeps: false });
    let applied = false;
    for (let turn = 0; turn < 40; turn += 1) {
      // Nothing in progress is settled.
      const before = processors;
      await one.reopen();
      await open(instance({ factor: 3 }));
      await before.stop().catch(() => undefined);
      if ((await recomputation())?.phase === 'ready' && !applied) {
        applied = true;
        await run().apply();
      }
      if (turn % 3 === 0) await one.send('shop', paid(1, { userId: `u${turn}` }));
      if (applied && (await recomputation()) === undefined) break;
    }
    await processors.idle();
    expect(applied).toBe(true);
    expect(await recomputation()).toBeUndefined();
    const all = await one.log.carriedAfter('processor sums', { limit: 1_000 });
    expect(all.length).toBe(450);
    const sum = all.reduce(
      (total, { value }) => total + (JSON.parse(readRow(value).state!) as { readonly sum: number }).sum,
      0,
    );
    const events = (await one.all()).filter(({ event }) => event === 'Paid').length;
    expect(sum).toBe(events * 3);
  });
});

describe('the state of a processor', () => {
  it('is deleted with a user, including the visitor id, timers and recomputed state', async () => {
    await one.send(
      'shop',
      paid(1, { anonymousId: 'v' }),
      paid(2, { anonymousId: 'v', ...ada }),
      paid(3, bob),
    );
    await processors.idle();
    await run().recompute({ keeps: false });
    await processors.idle();
    await processors.forget(ada);
    await processors.idle();
    const keys = (await one.log.carriedAfter('processor sums', { limit: 9 })).map(({ key }) => key);
    expect(keys).toEqual(['u:bob', '~', '~u:bob']);
    expect((await run().timers(9)).map(({ user }) => user)).toEqual(['u:bob']);
  });

  it('is deleted with a user while the processor is off', async () => {
    await one.send('shop', paid(1, { ...ada, context: { traits: { email: 'Ada@example.com' } } }));
    await processors.idle();
    await processors.configure([{ ...instance(), enabled: false }]);
    await processors.forget({ email: 'ada@example.com' });
    await processors.configure([instance()]);
    await processors.idle();
    expect(await one.log.carriedAfter('processor sums', { limit: 9 })).toEqual([]);
  });

  it('is deleted with the processor: a new one with the same name starts at the end of the log', async () => {
    await one.send('shop', paid(1, ada));
    await processors.idle();
    await processors.configure([]);
    await processors.idle();
    expect(await one.log.carriedAfter('processor sums', { limit: 9 })).toEqual([]);
    expect(await one.log.timers('processor sums', { limit: 9 })).toEqual([]);
    await one.send('shop', paid(2, ada));
    await processors.configure([instance()]);
    await processors.idle();
    await one.send('shop', paid(4, ada));
    await processors.idle();
    expect(await sumOf('u:ada')).toEqual({ sum: 4 });
  });
});
