import { expect, it } from 'vitest';
import { faultsOf } from '../crash/crash.ts';
import { type Installation, type Slot, startInstallation } from '../crash/installation.ts';
import { runProcesses } from '../crash/processes.ts';
import { ASKED, measureSharedLimit, usersOf } from '../limits/shared.ts';
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

/** The maximum answer time of a process, which indicates the load of the machine. */
interface Pace {
  /** Milliseconds for work that takes this long on an idle machine. */
  of(milliseconds: number): number;
  stop(): void;
}

/** Work of several processes, each of which answers a few times in turn, takes that much longer. */
const TURNS = 4;

function watchPace({ slots }: Installation): Pace {
  let slowest = 0;
  const ask = async (slot: Slot): Promise<void> => {
    const began = performance.now();
    // A killed or paused process is not representative of the others.
    const answer = await fetch(`${slot.url()}/healthz`, { signal: AbortSignal.timeout(1_500) }).catch(
      () => undefined,
    );
    if (answer?.ok === true) slowest = Math.max(slowest, performance.now() - began);
  };
  const timer = setInterval(() => slots.forEach((slot) => void ask(slot)), 100);
  return { of: (milliseconds) => milliseconds + TURNS * slowest, stop: () => clearInterval(timer) };
}

/** A change through one process applies to the others. */
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

/** A process that stops properly releases its lanes at once, not when its leases expire. */
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

it('shares lanes among processes, without losses when processes change the configuration, stop, are killed or paused', async () => {
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

/** The processes that hold leases, by their numbers. */
async function holders({ query, slots }: Installation, from: string): Promise<readonly number[]> {
  const rows = await query<{ pid: string }>(
    `SELECT DISTINCT split_part(holder, ' ', 2) AS pid FROM waybill.${from} AND holder IS NOT NULL`,
  );
  return rows.map(({ pid }) => slots.findIndex((slot) => `${slot.child().process.pid}` === pid)).sort();
}

it('runs each part of the work in the processes with its role, with a limit shared by three', async () => {
  const roles = ['intake, sources', 'delivery', 'delivery', 'delivery,processors'];
  const installation = await startInstallation(4, 6, {
    environments: roles.map((text) => ({ WAYBILL_ROLES: text })),
  });
  try {
    const [front, ...others] = installation.slots as [Slot, ...Slot[]];
    for (const [path, body] of [
      ['/api/sources', { id: 'shop-of-roles', type: 'dummy-shop', settings: { secret: 'a', orders: 3 } }],
      ['/api/sources', { id: 'polled-by-role', type: 'dummy', settings: { events: 1 } }],
      ['/api/processors', { id: 'watch', type: 'dummy' }],
    ] as const)
      expect(await post(others[0]!, path, body, 'Bearer token')).toBe(201);
    await until(async () => (await holders(installation, 'lanes WHERE true')).join() === '1,2,3');
    for (const [owned, by] of [
      ["LIKE 'source %'", '0'],
      ["LIKE 'poll %'", '0'],
      ["!~ '^(source|poll) '", '3'],
    ] as const)
      await until(async () => (await holders(installation, `owners WHERE owner ${owned}`)).join() === by);

    for (const slot of installation.slots) {
      const named = roles[installation.slots.indexOf(slot)]!.split(',').map((one) => one.trim());
      const answer = await fetch(`${slot.url()}/readyz`);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', roles: named }]);
    }
    const event = { type: 'track', event: 'Seen', userId: 'ada', messageId: 'roles' };
    const refused = await fetch(`${others[0]!.url()}/v1/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('demo:')}` },
      body: JSON.stringify(event),
    });
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      503,
      'server_role_missing',
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await post(front, '/v1/track', event, `Basic ${btoa('demo:')}`)).toBe(200);
    const told = async (): Promise<string> =>
      (await fetch(`${installation.sandbox}/_sandbox/log?user=ada`)).text();
    await until(async () => (await told()).includes('"roles"'));

    const { used, refused: part } = await measureSharedLimit(installation, {
      seconds: 60,
      window: 11,
      intakes: [front],
    });
    expect(used).toBeGreaterThanOrEqual(ASKED.used);
    expect(part).toBeLessThanOrEqual(ASKED.refused);
    expect(await holders(installation, 'lanes WHERE true')).toEqual([1, 2, 3]);

    const users = await usersOf(installation, others[0]!, front);
    const lent = await measureSharedLimit(installation, { seconds: 60, window: 6, intakes: [front], users });
    expect(lent.used).toBeGreaterThanOrEqual(ASKED.used);
    expect(lent.refused).toBeLessThanOrEqual(ASKED.refused);
  } finally {
    await installation.close();
  }
}, 180_000);
