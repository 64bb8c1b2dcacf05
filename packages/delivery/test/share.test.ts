import { describe, expect, it } from 'vitest';
import { createShare } from '../src/engine/share.ts';

interface Played {
  readonly fixedMs: number;
  readonly eventMs: number;
  /** Live events per second. */
  readonly live: number;
  /** Whether there is a back-fill. */
  readonly isAlone?: boolean;
}

/**
 * Simulates a destination with a given duration of steps; returns how long steps took, how long live events waited, and the
 * historical events per step.
 */
function played({ fixedMs, eventMs, live, isAlone }: Played) {
  let now = 0;
  const share = createShare(() => now);
  const [steps, waits]: [number[], number[]] = [[], []];
  let [next, past, turns] = [0, 0, 0];
  const every = 1_000 / live;
  for (let turn = 0; turn < 2_000; turn += 1) {
    const first = next;
    while (next <= now) next += every;
    const events = Math.round((next - first) / every);
    const filled = share.beside(events, false);
    if (isAlone === true && events === 0) now = next;
    const count = events + (isAlone === true ? 0 : filled);
    const durationMs = count === 0 ? 0 : fixedMs + count * eventMs;
    now += durationMs;
    share.learn(count, durationMs);
    if (turn < 1_000) continue;
    steps.push(durationMs);
    for (let at = first; at < next; at += every) waits.push(now - at);
    past += filled;
    turns += 1;
  }
  return { steps, waits, past: past / turns };
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

describe('the share of back-fills in a step', () => {
  it('does not grow with a destination whose steps take longer and longer', () => {
    let now = 0;
    const share = createShare(() => now);
    const filled: number[] = [];
    for (let turn = 0; turn < 1_000; turn += 1) {
      const live = turn % 2;
      const past = share.beside(live, false);
      // Durations vary, so that the cost of an event is hard to estimate.
      const ms = (2 + 1.5 * (live + past)) * (0.3 + ((turn * 7_919) % 140) / 100);
      share.learn(live + past, ms);
      now += ms;
      filled.push(past);
    }
    expect(at(filled.slice(100), 0.99)).toBeLessThan(3);
  });

  it('delays live events at most by a factor of two, for any cost of steps and events', () => {
    for (const fixedMs of [1, 10, 200]) {
      for (const eventMs of [0.2, 1, 4]) {
        // Only a destination below this load can be measured.
        const step = { fixedMs, eventMs, live: Math.min(100, 200 / eventMs) };
        const [alone, beside] = [played({ ...step, isAlone: true }), played(step)];
        const name = `${fixedMs} ms and ${eventMs} ms an event`;
        expect(at(beside.waits, 0.99), name).toBeLessThan(2 * at(alone.waits, 0.99) + 3 * eventMs);
        expect(beside.past, name).toBeGreaterThan(0.3);
      }
    }
  });

  it('is large for a distant destination', () => {
    const { steps, past } = played({ fixedMs: 200, eventMs: 0.2, live: 100 });
    expect(at(steps, 0.99)).toBeLessThan(500);
    expect(past).toBeGreaterThan(200);
  });

  it('continues, if slowly, when live events alone keep a destination busy', () => {
    expect(played({ fixedMs: 10, eventMs: 6, live: 140 }).past).toBeGreaterThan(0.5);
  });

  it('is larger without waiting events', () => {
    let now = 0;
    const share = createShare(() => now);
    const turn = (live: number): number => {
      const filled = share.beside(live, false);
      const ms = 2 + live + filled;
      share.learn(live + filled, ms);
      now += ms;
      return filled;
    };
    for (let turns = 0; turns < 100; turns += 1) turn(0);
    expect(turn(0)).toBeGreaterThan(25);
    expect(turn(1)).toBe(0);
    for (let turns = 0; turns < 20; turns += 1) expect(turn(turns % 2)).toBeLessThanOrEqual(2);
    now += 1_000;
    expect(turn(0)).toBeGreaterThan(25);
  });
});
