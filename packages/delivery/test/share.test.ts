import { describe, expect, it } from 'vitest';
import { createShare } from '../src/engine/share.ts';

/** Plays a destination whose steps take so long, beside live events; says how long steps took, and how many events of the past it got. */
async function played(step: {
  readonly fixedMs: number;
  readonly eventMs: number;
  readonly live: number;
}): Promise<{ readonly steps: readonly number[]; readonly past: number }> {
  const share = createShare();
  const steps: number[] = [];
  let [live, past, debt] = [0, 0, 0];
  for (let turn = 0; turn < 1_000; turn += 1) {
    const filled = share.beside(live, false);
    const events = live + filled;
    const durationMs = step.fixedMs + events * step.eventMs;
    steps.push(durationMs);
    past += filled;
    share.learn(events, durationMs);
    debt += (durationMs / 1_000) * step.live;
    live = Math.floor(debt);
    debt -= live;
  }
  return { steps: steps.slice(200), past };
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

describe('the share of the past in a step', () => {
  it('makes a step little longer than a short one takes, whatever an event costs', async () => {
    for (const eventMs of [0.2, 1, 4]) {
      const { steps, past } = await played({ fixedMs: 10, eventMs, live: 100 });
      expect(at(steps, 0.99), `${eventMs} ms`).toBeLessThan(90);
      expect(past / steps.length, `${eventMs} ms`).toBeGreaterThan(20 / (1 + eventMs));
    }
  });

  it('gives a distant destination much at once', async () => {
    const { steps, past } = await played({ fixedMs: 200, eventMs: 0.2, live: 100 });
    expect(at(steps, 0.99)).toBeLessThan(500);
    expect(past / steps.length).toBeGreaterThan(200);
  });

  it('goes on, if slowly, when live events alone keep a destination busy', async () => {
    const { steps, past } = await played({ fixedMs: 10, eventMs: 6, live: 140 });
    expect(past / steps.length).toBeGreaterThan(0.5);
  });
});
