import { check, type Verdict } from './check.ts';
import { idle, killHard } from './children.ts';
import { between, createDice } from './dice.ts';
import { drawFaults, setFaults } from './faults.ts';
import { type HeldLane, type Installation, type Slot, startInstallation } from './installation.ts';
import { type Load, type LoadInput, startLoad } from './load.ts';

/** How a crash test of several processes ended. */
export interface ProcessesReport {
  readonly verdict: Verdict;
  readonly counts: Load['counts'];
  /** Outcomes that took the place of others. */
  readonly doubled: number;
  /** Milliseconds until others had the lanes of a process that was killed, ascending. */
  readonly takeovers: readonly number[];
  /** The same where PostgreSQL was ended together with it: from when that was back. */
  readonly restarts: readonly number[];
  readonly seconds: number;
}

/** What is done to the processes. */
export interface ProcessesInput {
  readonly processes: number;
  readonly kills: number;
  readonly seed: number;
  readonly say: (text: string) => void;
  /** Kills PostgreSQL too, every tenth time. */
  readonly killsPostgres?: boolean;
  /** The maximum time without a kill, in milliseconds; 900 when absent. */
  readonly life?: number;
  readonly partitions?: number;
  /** A checkout of an older version, of which all processes are first: they are replaced one after the other under load, before the kills. */
  readonly older?: string | undefined;
  /** How often a process is paused until others have its lanes, and woken then, after the kills. */
  readonly pauses?: number;
  /** How long a paused one stays so after others have its lanes, in milliseconds; a moment when absent. */
  readonly pauseFor?: number | undefined;
  /** Done before the load begins. */
  readonly first?: (installation: Installation) => Promise<void>;
  readonly load?: Partial<Pick<LoadInput, 'writers' | 'usersPerWriter' | 'pause' | 'batch'>>;
}

/** How long old and new processes are together before the next old one is replaced, in milliseconds. */
const SIDE_BY_SIDE = 3_000;
/** The longest that is waited for lanes to be taken over, in milliseconds. */
const LONGEST = 30_000;

/** Kills processes of one installation at random under load while their destination fails, then compares what was sent with what arrived. */
export async function runProcesses(input: ProcessesInput): Promise<ProcessesReport> {
  const began = performance.now();
  const [dice, faultDice, loadDice] = [1, 2, 3].map((n) => createDice(input.seed * 31 + n)) as [
    () => number,
    () => number,
    () => number,
  ];
  const installation = await startInstallation(input.processes, input.partitions ?? 8, {
    older: input.older,
  });
  const { sandbox, slots } = installation;
  try {
    await input.first?.(installation);
  } catch (error) {
    await installation.close();
    throw error;
  }
  const load = startLoad({
    url: () => readyUrl(installation, loadDice),
    dice: loadDice,
    writers: 8,
    usersPerWriter: 12,
    pause: 400,
    batch: 30,
    ...input.load,
  });
  const changing = setInterval(() => void setFaults(sandbox, drawFaults(faultDice)), 400);
  const takeovers: number[] = [];
  const restarts: number[] = [];
  try {
    if (input.older !== undefined) await Promise.race([upgrade(installation), load.ended]);
    for (let kill = 1; kill <= input.kills; kill += 1) {
      await Promise.race([sleep(between(dice, 20, input.life ?? 900)), load.ended]);
      const isAway = input.killsPostgres === true && kill % 10 === 0;
      const any = slots[between(dice, 0, slots.length - 1)]!;
      const slot = isAway ? ((await working(installation, dice))?.slot ?? any) : any;
      // A process must be ready to take over: a slow machine starts processes more slowly than they are killed.
      await Promise.race([readyBeside(installation, slot), load.ended]);
      const lanes = await installation.lanesOf(slot.child());
      await killHard(slot.child());
      if (isAway) await installation.restartPostgres();
      // Some are restarted at once, during the takeover.
      const later = dice() < 0.5;
      if (!later) slot.restart();
      const passed = lanes.length > 0 ? await installation.takenOver(lanes, LONGEST) : undefined;
      if (passed !== undefined) (isAway ? restarts : takeovers).push(passed);
      if (later) slot.restart();
      if (kill % 10 === 0) input.say(`${kill} kills, ${load.counts.acknowledged} events acknowledged`);
    }
    await allReady(installation);
    for (let pause = 1; pause <= (input.pauses ?? 0); pause += 1) {
      await Promise.race([sleep(between(dice, 20, input.life ?? 900)), load.ended]);
      await pauseOne(installation, dice, input.pauseFor);
      if (pause % 10 === 0) input.say(`${pause} pauses, ${load.counts.acknowledged} events acknowledged`);
    }
    clearInterval(changing);
    await setFaults(sandbox, []);
    await load.stop();
    // They have learned that the destination is slow; new ones find it well.
    await Promise.all(slots.map((slot) => killHard(slot.child())));
    await installation.query('DELETE FROM waybill.kept');
    for (const slot of slots) slot.restart();
    await allReady(installation);
    for (const slot of slots) await idle(slot.child());
    return {
      verdict: await check(sandbox, load.users),
      counts: load.counts,
      doubled: await installation.doubled(),
      takeovers: takeovers.sort((one, other) => one - other),
      restarts: restarts.sort((one, other) => one - other),
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    clearInterval(changing);
    await installation.close();
  }
}

/** Resolves when another process is ready. */
async function readyBeside({ slots }: Installation, one: Slot): Promise<void> {
  while (!slots.some((slot) => slot !== one && slot.url() !== undefined)) await sleep(20);
}

/** Resolves when every process is ready, those too that are still to be started again. */
async function allReady({ slots }: Installation): Promise<void> {
  while (slots.some((slot) => slot.url() === undefined)) await sleep(20);
}

/** Replaces each process by one of this version, as a rolling upgrade does: old and new work side by side meanwhile. */
async function upgrade({ slots }: Installation): Promise<void> {
  for (const slot of slots) {
    await sleep(SIDE_BY_SIDE);
    const { process: child } = slot.child();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.send('stop');
    await ended;
    slot.restart();
    while (slot.url() === undefined) await sleep(20);
  }
}

/** A process that has lanes, and those. */
async function working(
  installation: Installation,
  dice: () => number,
): Promise<{ readonly slot: Slot; readonly lanes: readonly HeldLane[] } | undefined> {
  const having = await Promise.all(
    installation.slots.map(async (slot) => ({ slot, lanes: await installation.lanesOf(slot.child()) })),
  );
  const open = having.filter(({ lanes }) => lanes.length > 0);
  return open[between(dice, 0, Math.max(0, open.length - 1))];
}

/** Pauses a process that has lanes, for as long as others need to take them over. */
async function pauseOne(
  installation: Installation,
  dice: () => number,
  pauseFor = between(dice, 200, 1_500),
): Promise<void> {
  const chosen = await working(installation, dice);
  if (chosen === undefined) return;
  const { slot, lanes } = chosen;
  slot.child().process.kill('SIGSTOP');
  const passed = await installation.takenOver(lanes, LONGEST);
  // What others deliver meanwhile must not be undone by what the paused one had made ready.
  await sleep(pauseFor);
  slot.child().process.kill('SIGCONT');
  if (passed >= LONGEST) throw new Error('The lanes of a paused process were not taken over.');
}

/** The address of any process that is ready. */
export function readyUrl({ slots }: Installation, dice: () => number): string | undefined {
  const ready = slots.flatMap((slot) => slot.url() ?? []);
  return ready[between(dice, 0, Math.max(0, ready.length - 1))];
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
