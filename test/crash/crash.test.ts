import { expect, it } from '@jest/globals';
import { faultsOf, runCrash } from './crash.ts';

it('loses, doubles and disorders nothing when the server is killed under load', async () => {
  const seed = Date.now() % 1_000_000;
  const { verdict, counts } = await runCrash({ kills: 4, seed, say: () => undefined });
  expect({ seed, wrong: faultsOf(verdict) }).toEqual({ seed, wrong: [] });
  expect(counts.acknowledged).toBeGreaterThan(500);
}, 600_000);
