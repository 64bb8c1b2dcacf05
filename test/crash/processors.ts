import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type DayEnd, endOfDay, liveDay, PROCESSORS, ticksOfTheDay } from '../day/processed.ts';
import { between, createDice } from './dice.ts';

/** The result of days with kills of the process of the processors. */
export interface ProcessorsReport {
  /** How many kills there were, by processor. */
  readonly kills: ReadonlyMap<string, number>;
  readonly days: number;
  /** The day without kills, and what differed from it on the others. */
  readonly calm: DayEnd;
  readonly differences: readonly string[];
}

/** Kills of one day at most: later ones would find nothing left to do. */
const KILLS_A_DAY = 20;
/** The maximum number of commits of its processor before a kill. */
const LONGEST_LIFE = 6;

/** Lives the day without a kill, and then days on which processes are killed before or after a commit of each processor in turn. */
export async function runProcessors({
  kills,
  seed,
}: {
  readonly kills: number;
  readonly seed: number;
}): Promise<ProcessorsReport> {
  const dice = createDice(seed);
  const ticks = ticksOfTheDay();
  const calm = await within(async (folder) => {
    await liveDay(folder, ticks);
    return endOfDay(folder);
  });
  const killed = new Map(PROCESSORS.map((slug) => [slug, 0]));
  const differences: string[] = [];
  let made = 0;
  let days = 0;
  // A processor without work on a day is never killed: the loop still ends.
  for (let turn = 0; made < kills && days < kills; days += 1) {
    await within(async (folder) => {
      let lived = -1;
      for (let ofDay = 0; ;) {
        const isOver = made >= kills || ofDay >= KILLS_A_DAY;
        const slug = PROCESSORS[turn % PROCESSORS.length]!;
        turn += 1;
        const when = dice() < 0.5 ? 'before' : 'after';
        const which = String(between(dice, 1, LONGEST_LIFE));
        const ended = await live(folder, lived + 1, isOver ? [] : [`processor ${slug}`, when, which]);
        lived = Math.max(lived, ended.tick);
        if (ended.done) break;
        made += 1;
        ofDay += 1;
        killed.set(slug, killed.get(slug)! + 1);
      }
      differences.push(...differing(calm, await endOfDay(folder)));
    });
  }
  return { kills: killed, days, calm, differences };
}

async function live(
  folder: string,
  from: number,
  kill: readonly string[],
): Promise<{ readonly tick: number; readonly done: boolean }> {
  const child = fork(join(import.meta.dirname, 'processor-child.ts'), [folder, String(from), ...kill], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let tick = from - 1;
  let done = false;
  child.on('message', (message: { readonly tick?: number; readonly done?: true }) => {
    tick = message.tick ?? tick;
    done ||= message.done === true;
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (done || signal === 'SIGKILL') resolve({ tick, done });
      else reject(new Error(`The process ended with ${code ?? signal}.`));
    });
  });
}

function differing(calm: DayEnd, other: DayEnd): readonly string[] {
  if (isDeepStrictEqual(calm, other)) return [];
  const texts = ({ derived, kept }: DayEnd): Set<string> =>
    new Set([...derived.map((one) => JSON.stringify(one)), ...kept]);
  const [wanted, found] = [texts(calm), texts(other)];
  return [
    ...[...wanted].filter((one) => !found.has(one)).map((one) => `missing: ${one}`),
    ...[...found].filter((one) => !wanted.has(one)).map((one) => `too much: ${one}`),
    ...(other.derived.length === calm.derived.length
      ? []
      : [`${other.derived.length} events, not ${calm.derived.length}`]),
  ];
}

async function within<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-processors-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
