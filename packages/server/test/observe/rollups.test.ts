import { describe, expect, it } from 'vitest';
import { addDelay, type Delays, quantile } from '../../src/observe/delays.ts';
import { overviewOf } from '../../src/observe/overview.ts';
import { openRollups, SLOT_SIZES } from '../../src/observe/rollups.ts';

const { minute: MINUTE, hour: HOUR } = SLOT_SIZES;
const START = Date.UTC(2026, 0, 15, 12);

function notes(): {
  readonly kept: Map<string, string>;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
} {
  const kept = new Map<string, string>();
  return { kept, get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
}

const STEP = {
  destination: 'd',
  events: 3,
  outcomes: [{ mappingId: 'm', status: 'delivered', code: '', count: 3 }],
  calls: [],
  durationMs: 1,
  delays: [100],
} as const;

describe('roll-ups', () => {
  it('count by minutes and by hours, also after a restart', async () => {
    const log = notes();
    const time = { now: START };
    const now = (): number => time.now;
    let rollups = openRollups({ log, now });
    for (let n = 0; n < 150; n += 1) {
      rollups.accepted('shop', 2);
      if (n === 70) {
        await rollups.save();
        rollups = openRollups({ log, now });
      }
      time.now += MINUTE;
    }
    const period = { from: START, to: START + 3 * HOUR };
    const minutes = await rollups.read(period, 'minute');
    expect(minutes.map((one) => one.at)).toEqual(Array.from({ length: 150 }, (_, n) => START + n * MINUTE));
    const hours = await rollups.read(period, 'hour');
    expect(hours.map((one) => one.accepted.get('shop'))).toEqual([120, 120, 60]);
    expect((await rollups.read({ from: START + HOUR, to: START + HOUR + 2 * MINUTE }, 'minute')).length).toBe(
      2,
    );
  });

  it('keep two days of minutes and 90 days of hours, in reused slots', async () => {
    const log = notes();
    const time = { now: START };
    const rollups = openRollups({ log, now: () => time.now });
    for (let n = 0; n < 100 * 24; n += 1) {
      rollups.step(STEP);
      await rollups.save();
      time.now += HOUR;
    }
    expect(log.kept.size).toBe(49 + 91);
    const all = { from: 0, to: time.now };
    expect((await rollups.read(all, 'minute')).length).toBe(48);
    expect((await rollups.read(all, 'hour')).length).toBe(90 * 24 + 12);
    expect((await rollups.read({ from: START, to: START + HOUR }, 'minute')).length).toBe(0);
  });

  it('count nothing twice, and lose nothing that could not be written', async () => {
    const log = notes();
    const time = { now: START };
    let full = true;
    const set = (key: string, value: string): Promise<void> =>
      full ? Promise.reject(new Error('full')) : log.set(key, value);
    const rollups = openRollups({ log: { ...log, set }, now: () => time.now });
    for (let n = 0; n < 3; n += 1) {
      rollups.refused('event_invalid', 1);
      await expect(rollups.save()).rejects.toThrow('full');
      time.now += HOUR;
    }
    full = false;
    rollups.duplicate('shop', 1);
    await rollups.save();
    const again = openRollups({ log, now: () => time.now });
    const { totals } = await overviewOf(again, { from: START, to: START + 4 * HOUR, step: 'minute' });
    expect([totals.refused, totals.duplicate, totals.accepted]).toEqual([3, 1, 0]);
  });

  it('keep a bounded number of kinds of outcomes', async () => {
    const rollups = openRollups({ log: notes(), now: () => START });
    for (let n = 0; n < 3_000; n += 1)
      rollups.step({ ...STEP, outcomes: [{ ...STEP.outcomes[0], mappingId: `m${n}`, count: 1 }] });
    const { totals } = await overviewOf(rollups, { from: START, to: START + HOUR, step: 'hour' });
    expect(totals.outcomes.length).toBe(1_001);
    expect(totals.outcomes[0]).toEqual({
      destination: 'd',
      mappingId: '',
      status: 'delivered',
      code: '',
      count: 2_000,
    });
  });
});

it('compute quantiles of delays within a tenth', () => {
  const delays: Delays = new Map();
  for (let n = 1; n <= 1_000; n += 1) addDelay(delays, n);
  const within = (share: number, expected: number): boolean =>
    Math.abs(quantile(delays, share)! - expected) <= expected / 10;
  expect([within(0.5, 500), within(0.95, 950), quantile(new Map(), 0.5)]).toEqual([true, true, undefined]);
});
