import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Processors } from '@waybill/ingest';
import { CHUNK, runDummies, sendChunks, USERS } from './dummies.ts';
import { type World, world } from './support.ts';

type Carry = World['intake']['carry'];

const QUIET = 60_000;

let one: World;
let running: Processors | undefined;
/** The owners of each read of stored data, and the number of keys. */
let reads: (readonly [owners: readonly string[], keys: number])[] = [];
beforeEach(async () => {
  one = await world();
  reads = [];
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await one.close();
});

/** Runs processors; the value of each is the time after which a user is quiet. */
async function run(quiet: Readonly<Record<string, number>>, carry: Carry): Promise<Processors> {
  const carriedOf: World['log']['carriedOf'] = (owners, keys) => {
    reads.push([owners, keys.length]);
    return one.log.carriedOf(owners, keys);
  };
  running = await runDummies(one, quiet, { log: { carriedOf }, carry });
  return running;
}

const countsOf = async (by: string): Promise<readonly unknown[]> =>
  (await one.all()).flatMap(({ event, userId, properties, context }) =>
    event === 'Dummy Counted' && (context?.['derived'] as { by: string }).by === by
      ? [[userId, properties?.['count']]]
      : [],
  );
const expected = (events: number): readonly unknown[] =>
  Array.from({ length: events }, (_, n) => [`user ${n % USERS}`, Math.floor(n / USERS) + 1]);

it('processors of a round read the stored data of their users together', async () => {
  const processors = await run({ a: QUIET, b: QUIET, c: QUIET }, one.intake.carry);
  await sendChunks(one, 0, 2);
  reads = [];
  processors.wake();
  await processors.idle();
  for (const id of ['a', 'b', 'c']) expect(await countsOf(id)).toEqual(expected(2 * CHUNK));
  const [first, second] = reads;
  expect([first, second]).toEqual(Array(2).fill([['a', 'b', 'c'].map((id) => `processor ${id}`), USERS]));
  // The derived events are nobody's.
  expect(reads).toHaveLength(2);
});

it('a processor whose timers are due does not use data that another read before its last commit', async () => {
  const gate = Promise.withResolvers<void>();
  let commits = 0;
  const carry: Carry = async (events, origin, given) => {
    if (given.lease.key === 'processor a') commits += 1;
    // The first one is of the start, and the second sets the timers.
    if (given.lease.key === 'processor a' && commits === 3) await gate.promise;
    return one.intake.carry(events, origin, given);
  };
  const processors = await run({ a: QUIET, b: 1_000 * QUIET }, carry);
  await sendChunks(one, 0, 2);
  one.time.now += QUIET + 1;
  await sendChunks(one, 2, 3);
  reads = [];
  processors.wake();
  // The other one reads for its third step.
  await expect.poll(() => reads.length).toBe(3);
  expect(commits).toBe(3);
  gate.resolve();
  await processors.idle();
  for (const id of ['a', 'b']) expect(await countsOf(id)).toEqual(expected(3 * CHUNK));
  expect((await one.all()).filter(({ event }) => event === 'Dummy Quiet')).toHaveLength(USERS);
});
