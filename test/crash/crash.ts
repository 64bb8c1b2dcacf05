import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, type Verdict } from './check.ts';
import { type Child, idle, killHard, start } from './children.ts';
import { between, createDice } from './dice.ts';
import { drawFaults, setFaults } from './faults.ts';
import { type Load, type LoadInput, startLoad } from './load.ts';

/** How a crash test ended. */
export interface CrashReport {
  readonly verdict: Verdict;
  readonly counts: Load['counts'];
  /** Kills of a server that was not ready yet: while it read back what the last one left. */
  readonly killedAtStart: number;
  readonly seconds: number;
}

/** Kills a server under load again and again while its destination fails, then compares what was sent with what arrived. */
export async function runCrash(input: {
  readonly kills: number;
  readonly seed: number;
  readonly say: (text: string) => void;
  /** The maximum lifetime of a server, in milliseconds; 900 when absent. */
  readonly life?: number;
  /** The minimum number of acknowledged events: on a slow machine a server runs longer. */
  readonly events?: number;
  readonly load?: Partial<Pick<LoadInput, 'writers' | 'usersPerWriter' | 'pause' | 'batch'>>;
}): Promise<CrashReport> {
  const began = performance.now();
  // Each part has its own random generator: the number of draws depends on the machine.
  const [dice, faultDice, loadDice] = [1, 2, 3].map((n) => createDice(input.seed * 31 + n)) as [
    () => number,
    () => number,
    () => number,
  ];
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-crash-'));
  const sandboxChild = start('sandbox.ts', []);
  const sandbox = await sandboxChild.url;
  const serve = (): Child => start('../e2e/serve.ts', [dataDir, sandbox]);
  let server = serve();
  let url: string | undefined;
  let killedAtStart = 0;
  const load = startLoad({
    url: () => url,
    dice: loadDice,
    writers: 8,
    usersPerWriter: 12,
    pause: 400,
    batch: 30,
    ...input.load,
  });
  const acknowledged = async (events: number): Promise<void> => {
    while (load.counts.acknowledged < events) await Promise.race([sleep(50), load.ended]);
  };
  const changing = setInterval(() => void setFaults(sandbox, drawFaults(faultDice)), 400);
  try {
    for (let kill = 1; kill <= input.kills; kill += 1) {
      if (dice() < 0.15) {
        await sleep(between(dice, 50, 500));
        killedAtStart += 1;
      } else {
        url = await server.url;
        await sleep(between(dice, 20, input.life ?? 900));
        await acknowledged((kill / input.kills) * (input.events ?? 0));
      }
      url = undefined;
      await killHard(server);
      server = serve();
      if (kill % 10 === 0) {
        const { acknowledged, resent } = load.counts;
        input.say(`${kill} kills, ${acknowledged} events acknowledged, ${resent} requests sent again`);
      }
    }
    url = await server.url;
    await acknowledged(input.events ?? 0);
    clearInterval(changing);
    await setFaults(sandbox, []);
    await load.stop();
    // The last process has learned that the destination is slow; a new one finds it well.
    await killHard(server);
    server = serve();
    await server.url;
    await idle(server);
    const verdict = await check(sandbox, load.users);
    return { verdict, counts: load.counts, killedAtStart, seconds: (performance.now() - began) / 1000 };
  } finally {
    clearInterval(changing);
    await killHard(server);
    await killHard(sandboxChild);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Everything that must not have happened. */
export function faultsOf(verdict: Verdict): readonly string[] {
  const { missing, twice, outOfOrder, wrongEnd, strange } = verdict;
  return [...missing, ...twice, ...outOfOrder, ...wrongEnd, ...strange];
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
