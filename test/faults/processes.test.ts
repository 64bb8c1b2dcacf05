import { expect, it } from 'vitest';
import { faultsOf } from '../crash/crash.ts';
import type { Installation, Slot } from '../crash/installation.ts';
import { runProcesses } from '../crash/processes.ts';
import { until } from './support.ts';

async function post(slot: Slot, path: string, body: object, authorization: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization };
  const answer = await fetch(`${slot.url()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.status;
}

/** How many lanes each process has, the fewest first. */
async function lanes({ query }: Installation): Promise<readonly number[]> {
  const rows = await query<{ count: number }>(
    'SELECT count(*)::int AS count FROM waybill.lanes WHERE holder IS NOT NULL GROUP BY holder',
  );
  return rows.map(({ count }) => count).sort((one, other) => one - other);
}

/** How long a process takes to answer at most, which says how much of the machine there is. */
interface Pace {
  /** Milliseconds for work that takes so many when nothing else runs. */
  of(milliseconds: number): number;
  stop(): void;
}

/** Work of several processes, each of which answers a few times in turn, takes that much longer. */
const TURNS = 4;

function watchPace({ slots }: Installation): Pace {
  let slowest = 0;
  const ask = async (slot: Slot): Promise<void> => {
    const began = performance.now();
    // One that is killed or paused says nothing of the others.
    const answer = await fetch(`${slot.url()}/healthz`, { signal: AbortSignal.timeout(1_500) }).catch(
      () => undefined,
    );
    if (answer?.ok === true) slowest = Math.max(slowest, performance.now() - began);
  };
  const timer = setInterval(() => slots.forEach((slot) => void ask(slot)), 100);
  return { of: (milliseconds) => milliseconds + TURNS * slowest, stop: () => clearInterval(timer) };
}

/** What one process is told is in force in the others. */
async function published({ slots }: Installation, pace: Pace): Promise<void> {
  const source = { id: 'till', name: 'Till', writeKey: 'key-of-the-till' };
  const [first, ...others] = slots as [Slot, ...Slot[]];
  expect(await post(first, '/api/sources', source, 'Bearer token')).toBe(201);
  const began = Date.now();
  const event = { type: 'identify', userId: 'till', messageId: 'till' };
  const key = `Basic ${btoa('key-of-the-till:')}`;
  for (const slot of others) await until(async () => (await post(slot, '/v1/identify', event, key)) === 200);
  expect(Date.now() - began).toBeLessThan(pace.of(1_000));
}

/** A process that stops properly leaves its lanes at once, and not when its leases have run out. */
async function stopped(installation: Installation, pace: Pace): Promise<void> {
  const slot = installation.slots[1]!;
  const had = await installation.lanesOf(slot.child());
  const { process: child } = slot.child();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send('stop');
  await ended;
  expect(await installation.takenOver(had, 10_000)).toBeLessThan(pace.of(1_000));
  slot.restart();
  await slot.child().url;
  await until(async () => (await lanes(installation)).join() === '2,3,3');
}

it('shares lanes among processes; what they publish, and who of them stops, is killed or paused, costs nothing', async () => {
  let pace: Pace | undefined;
  const { verdict, doubled, takeovers, counts } = await runProcesses({
    processes: 3,
    kills: 3,
    pauses: 1,
    seed: 21,
    say: () => undefined,
    load: { writers: 4, usersPerWriter: 6, batch: 12 },
    async first(installation) {
      await until(async () => (await lanes(installation)).join() === '2,3,3');
      pace = watchPace(installation);
      await stopped(installation, pace);
      await published(installation, pace);
    },
  }).finally(() => pace?.stop());
  expect(counts.acknowledged).toBeGreaterThan(100);
  expect(faultsOf(verdict)).toEqual([]);
  expect(doubled).toBe(0);
  expect(takeovers.length).toBeGreaterThan(0);
  expect(Math.max(...takeovers)).toBeLessThan(pace!.of(5_000));
}, 180_000);
