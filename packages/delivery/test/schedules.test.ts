import { describe, expect, it } from 'vitest';
import { dice } from './dice.ts';
import { runSchedule } from './schedules.ts';

/** A few in every run; `npm run schedules` tries 10,000. */
const COUNT = Number(process.env['SCHEDULES'] ?? 20);
const SEED = Number(process.env['SCHEDULES_SEED'] ?? 1 + Math.floor(Math.random() * 1_000_000));

describe('two engines over one store', () => {
  it(
    `lose nothing, settle nothing twice and keep the order in ${COUNT} random schedules (from seed ${SEED})`,
    async () => {
      const sums = { events: 0, calls: 0, takeovers: 0, stale: 0, crashes: 0, pauses: 0 };
      for (let n = 0; n < COUNT; n += 1) {
        const seed = SEED + n;
        const { problems, ...counts } = await runSchedule(seed, dice(seed));
        expect({ seed, problems }).toEqual({ seed, problems: [] });
        for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += counts[name];
      }
      process.stdout.write(
        `Schedules: ${COUNT} from seed ${SEED}: ${JSON.stringify(sums)}, 0 lost, 0 settled twice, order kept\n`,
      );
      expect(sums.stale + sums.takeovers).toBeGreaterThan(0);
    },
    Math.max(60_000, COUNT * 2_000),
  );
});
