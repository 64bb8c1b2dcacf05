import { expect, it } from 'vitest';
import { CHUNK, runDummies, sendChunks } from './dummies.ts';
import { type World, world } from './support.ts';

const CHUNKS = 12;
const QUIET = 1_000;
/** Longer than a round waits for a slow step. */
const SLOW = 700;

it('processors that a slow step has separated read together again', async () => {
  const one = await world();
  const reads = new Map<number, number>();
  const read: World['log']['read'] = (query) => {
    if ('after' in query && 'limit' in query) reads.set(query.after, (reads.get(query.after) ?? 0) + 1);
    return one.log.read(query);
  };
  const commits = new Map<string, number>();
  const carry: World['intake']['carry'] = async (events, origin, given) => {
    const { key } = given.lease;
    commits.set(key, (commits.get(key) ?? 0) + 1);
    // The first commit is that of the start.
    if (key === 'processor a' && commits.get(key) === 3)
      await new Promise((resolve) => setTimeout(resolve, SLOW));
    return one.intake.carry(events, origin, given);
  };
  const processors = await runDummies(one, { a: QUIET, b: QUIET, c: QUIET }, { log: { read }, carry });
  await sendChunks(one, 0, CHUNKS);
  reads.clear();
  processors.wake();
  await processors.idle();
  const counted = (await one.all()).filter(({ event: name }) => name === 'Dummy Counted');
  expect(counted).toHaveLength(3 * CHUNKS * CHUNK);
  const readsOf = Array.from({ length: CHUNKS }, (_, at) => reads.get(at * CHUNK));
  // The others read on meanwhile, without the slow one.
  expect(readsOf.filter((count) => count === 2).length).toBeGreaterThan(0);
  expect(readsOf.slice(6)).toEqual(Array(CHUNKS - 6).fill(1));
  await processors.stop();
  await one.close();
});
