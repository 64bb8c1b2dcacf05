import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedProcessor, SourceEvent } from '@waybill/core';
import { createProcessors, dummyProcessor, type Processors } from '@waybill/ingest';
import { type World, world } from './support.ts';

type Carry = World['intake']['carry'];

const resolved: ResolvedProcessor = {
  id: 'count',
  name: 'count',
  enabled: true,
  processor: dummyProcessor,
  sources: ['shop'],
  settings: {},
};

let one: World;
let running: Processors | undefined;
let errors: unknown[] = [];
beforeEach(async () => {
  one = await world();
  errors = [];
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await one.close();
});

/** Runs the processor; `carry` commits its steps. */
async function run(carry: Carry, log: Partial<World['log']> = {}, quiet = 60_000): Promise<Processors> {
  running = createProcessors({
    log: { ...one.log, ...log },
    intake: { carry },
    holder: 'test',
    now: () => one.time.now,
    onFailure: (_processor, failure) => errors.push(failure),
    onError: (_processor, error) => errors.push(error),
  });
  await running.configure([{ ...resolved, settings: { quiet } }]);
  await running.idle();
  return running;
}

/** Commits after the next step could have been computed. */
const slowly: Carry = async (...given) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return one.intake.carry(...given);
};

const USERS = 7;
const send = (from: number, to: number): Promise<void> =>
  one.send(
    'shop',
    ...Array.from({ length: to - from }, (_, at): SourceEvent => {
      const n = from + at;
      return { type: 'track', event: 'Dummy Happened', messageId: `${n}`, userId: `user ${n % USERS}` };
    }),
  );
const counts = async (): Promise<readonly unknown[]> =>
  (await one.all())
    .filter(({ event }) => event === 'Dummy Counted')
    .map(({ userId, properties, context }) => [userId, properties?.['count'], context?.['derived']]);
const expected = (events: number): readonly unknown[] =>
  Array.from({ length: events }, (_, n) => [
    `user ${n % USERS}`,
    Math.floor(n / USERS) + 1,
    { by: 'count', from: `${n}` },
  ]);

describe('the commit of a step', () => {
  it('continues while the next step is computed, which sees its writes, and is not committed before it', async () => {
    const order: string[] = [];
    const gates: PromiseWithResolvers<void>[] = [];
    const carry: Carry = async (events, origin, given) => {
      order.push(`begins ${given.cursor}`);
      await gates[0]?.promise;
      const result = await one.intake.carry(events, origin, given);
      order.push(`ends ${given.cursor}`);
      return result;
    };
    const read: World['log']['read'] = (query) => {
      if ('after' in query && 'limit' in query && query.after % 1_000 === 0)
        order.push(`reads ${query.after}`);
      return one.log.read(query);
    };
    const processors = await run(carry, { read });
    await send(0, 2_000);
    order.length = 0;
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    processors.wake();
    await expect.poll(() => order).toEqual(['reads 0', 'begins 1000', 'reads 1000']);
    // Until it is stored, all of its events are still needed.
    expect(await processors.reached()).toEqual([0]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(order).toHaveLength(3);
    gate.resolve();
    await processors.idle();
    expect(order.slice(3, 6)).toEqual(['ends 1000', 'begins 2000', 'ends 2000']);
    expect(await counts()).toEqual(expected(2_000));
    // Each user's timer was set again in both steps, and fires once.
    one.time.now += 60_000;
    await processors.idle();
    expect((await one.all()).filter(({ event }) => event === 'Dummy Quiet')).toHaveLength(USERS);
  });

  it.each(['it fails', 'its answer is lost', 'another holder takes over', 'all of these'])(
    'is repeated together with the step after it when %s',
    async (what) => {
      const broken = new Map([
        [1, 'it fails'],
        [2, 'its answer is lost'],
        [4, 'another holder takes over'],
      ]);
      let commits = -1;
      const carry: Carry = async (events, origin, given) => {
        commits += 1;
        const how = broken.get(commits);
        const isBroken = how !== undefined && (what === how || what === 'all of these');
        if (isBroken && how === 'it fails') throw new Error('The disk is full.');
        if (isBroken && how === 'another holder takes over') return 'stale';
        const result = await one.intake.carry(events, origin, given);
        if (isBroken) throw new Error('The connection was lost.');
        return result;
      };
      const processors = await run(carry);
      await send(0, 4_300);
      processors.wake();
      await expect.poll(async () => (await counts()).length, { timeout: 10_000 }).toBe(4_300);
      await processors.idle();
      expect(await counts()).toEqual(expected(4_300));
      expect(errors).toHaveLength(what === 'all of these' ? 2 : what === 'another holder takes over' ? 0 : 1);
      one.time.now += 60_000;
      await processors.idle();
      expect((await one.all()).filter(({ event }) => event === 'Dummy Quiet')).toHaveLength(USERS);
    },
  );

  it('may set timers that are due already, which fire before the processor is idle', async () => {
    const processors = await run(slowly, {}, 0);
    await send(0, USERS);
    processors.wake();
    await processors.idle();
    expect((await one.all()).filter(({ event }) => event === 'Dummy Quiet')).toHaveLength(USERS);
  });

  it('may derive events, which are read before the processor is idle', async () => {
    const processors = await run(slowly);
    await send(0, USERS);
    processors.wake();
    await processors.idle();
    expect(await processors.reached()).toEqual([await one.log.lastSeq()]);
  });

  it('ends before the processors stop', async () => {
    let isLate = false;
    const carry: Carry = async (...given) => {
      if (isLate) await new Promise((resolve) => setTimeout(resolve, 100));
      return one.intake.carry(...given);
    };
    const processors = await run(carry);
    await send(0, 500);
    isLate = true;
    processors.wake();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await processors.stop();
    expect(await counts()).toEqual(expected(500));
  });
});
