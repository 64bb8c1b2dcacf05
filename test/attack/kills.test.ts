import { expect, it } from '@jest/globals';
import { faultsOf, runCrash } from '../crash/crash.ts';
import { full, scale } from './scale.ts';

it('that come while events pour in lose, double and disorder nothing', async () => {
  const seed = Date.now() % 1_000_000;
  const { verdict, counts } = await runCrash({
    kills: scale(2, 44),
    seed,
    life: scale(800, 4_000),
    load: { writers: scale(4, 8), usersPerWriter: 25, pause: scale(200, 1), batch: scale(100, 400) },
    say: full ? console.log : () => undefined,
  });
  expect({ seed, wrong: faultsOf(verdict) }).toEqual({ seed, wrong: [] });
  expect(counts.acknowledged).toBeGreaterThan(scale(100, 500_000));
  if (full)
    console.log(
      `${counts.acknowledged} events of ${verdict.users} users, ${verdict.redelivered} arrived again`,
    );
}, 1_800_000);
