import { expect, it } from 'vitest';
import { faultsOf, runCrash } from '../crash/crash.ts';
import { full, scale } from './scale.ts';

it('that happen under load lose, duplicate and reorder nothing', async () => {
  const seed = Date.now() % 1_000_000;
  const { verdict, counts } = await runCrash({
    kills: scale(4, 44),
    events: scale(500, 500_000),
    seed,
    // The rate learned from refusals also limits the wait for the events beyond the requested ones.
    ...(full
      ? { life: 1_500, load: { writers: 8, usersPerWriter: 25, pause: 400, batch: 100 } }
      : { load: { writers: 4, usersPerWriter: 12, batch: 12 } }),
    say: full ? console.log : () => undefined,
  });
  expect({ seed, wrong: faultsOf(verdict) }).toEqual({ seed, wrong: [] });
  expect(counts.acknowledged).toBeGreaterThanOrEqual(scale(500, 500_000));
  if (full)
    console.log(
      `${counts.acknowledged} events of ${verdict.users} users, ${verdict.redelivered} arrived again`,
    );
}, 1_800_000);
