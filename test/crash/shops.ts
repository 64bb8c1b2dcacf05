import { isDeepStrictEqual } from 'node:util';
import { type Platform, PLATFORMS } from '@waybill/shop-sandboxes';
import type { Held } from '../shops/outcome.ts';
import { reachable, TOLD, type Ways } from '../shops/told.ts';
import { type DayInput, type DayWays, liveDay } from './shop-day.ts';

const WAYS: readonly DayWays[] = ['webhooks', 'polls', 'both', 'mixed'];

/** The deterministic results of the day: without those that depend on timely polls. */
function sureOf(platform: Platform, ways: DayWays, held: readonly Held[]): readonly Held[] {
  const seen: Ways = ways === 'mixed' ? 'both' : ways;
  return held.map((one) => reachable(TOLD[platform], one, seen));
}

/** Runs the day of each shop with and without kills, and reports the differences. */
export async function runShops(input: {
  readonly platforms?: readonly string[];
  readonly ways?: readonly string[];
  readonly kills: number;
  readonly seed: number;
  readonly limits: boolean;
}): Promise<readonly string[]> {
  const wrong: string[] = [];
  const { kills, seed, limits } = input;
  for (const platform of PLATFORMS.filter((one) => input.platforms?.includes(one) ?? true)) {
    for (const ways of WAYS.filter((one) => input.ways?.includes(one) ?? true)) {
      const began = performance.now();
      const day: DayInput = { platform, ways, seed, limits, kills: 0 };
      const [calm, killed] = [await liveDay(day), await liveDay({ ...day, kills })];
      const [wanted, found] = [calm, killed].map(({ held }) => sureOf(platform, ways, held));
      const same = isDeepStrictEqual(wanted, found) && killed.setAside === 0;
      const seconds = Math.round((performance.now() - began) / 1_000);
      const webhooks = `${killed.failed} webhooks unanswered at first, ${killed.lost} lost`;
      const state = `${same ? 'the same' : 'NOT the same'}, ${calm.held.length} people`;
      console.log(
        `${platform.padEnd(14)} ${ways.padEnd(9)} ${killed.kills} kills: ${state}; ${webhooks}, ${seconds} s`,
      );
      if (!same) wrong.push(`${platform} ${ways}: ${JSON.stringify({ wanted, found }, null, 1)}`);
    }
  }
  return wrong;
}
