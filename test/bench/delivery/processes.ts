import { cpus } from 'node:os';
import { join } from 'node:path';
import { setFaults } from '../../crash/faults.ts';
import { startHelper, startServed } from './children.ts';
import { createRig } from './measure.ts';
import { inFolder, type MeasuredStore } from './store.ts';

/** The throughput of a number of processes. */
export interface Together {
  readonly processes: number;
  /** Delivered events a second. */
  readonly rate: number;
  /** Of what the first count of processes did, times as many. */
  readonly linear: number;
  /** Busy cores of the servers and of PostgreSQL. */
  readonly cores: number;
  readonly databaseCores: number;
  /** Busy cores of the machine, including generator, destination and everything else. */
  readonly allCores: number;
}

/** What is measured. */
export interface ProcessesOrder {
  readonly counts: readonly number[];
  /** Lanes per process, so that the work per process is independent of their number. */
  readonly lanes: number;
  readonly seconds: number;
  readonly store: MeasuredStore;
  readonly say: (name: string, text: string) => void;
}

/** Milliseconds that each call takes at the destination. */
const LATENCY = 50;

/**
 * Orders go out one by one, each call takes 50 ms, and a lane makes 16 calls at a time: what a process delivers is bound by the calls that
 * it waits for, so that several of them show what they do together before the cores are full.
 */
export async function withProcesses({
  counts,
  lanes,
  seconds,
  store,
  say,
}: ProcessesOrder): Promise<readonly Together[]> {
  const found: Together[] = [];
  for (const processes of counts) {
    const one = await measure(processes, { lanes, seconds, store });
    const first = found[0] ?? { processes, rate: one.rate };
    const linear = one.rate / ((first.rate / first.processes) * processes);
    found.push({ ...one, linear });
    say(
      `${processes} of them, ${LATENCY} ms a call`,
      `${Math.round(one.rate).toLocaleString('en')} orders/s, ${linear.toFixed(2)} of linear; ` +
        `${one.cores.toFixed(2)} cores in work, ${one.databaseCores.toFixed(2)} of PostgreSQL, ` +
        `${one.allCores.toFixed(2)} of ${cpus().length} in all`,
    );
  }
  return found;
}

function measure(
  processes: number,
  { lanes, seconds, store }: Pick<ProcessesOrder, 'lanes' | 'seconds' | 'store'>,
): Promise<Omit<Together, 'linear'>> {
  return inFolder(async (folder) => {
    const destination = await startHelper('sandbox.ts');
    await setFaults(destination.url, [{ match: { path: '/api/*' }, kind: 'slow', delayMs: LATENCY }]);
    const { env } = await store.begin(processes * lanes);
    const servers = await Promise.all(
      Array.from({ length: processes }, (_one, n) =>
        startServed([join(folder, String(n)), destination.url, 'true'], [], env),
      ),
    );
    const rig = await createRig(servers, destination);
    try {
      const order = { connections: processes * 2, eventsPerRequest: 50, event: 'Order Completed' } as const;
      const window = processes * lanes * 400;
      await rig.run({ ...order, window, seconds: 5 });
      const [before, busyBefore] = [store.cpu(), busy()];
      const stretch = await rig.run({ ...order, window, seconds: Math.min(seconds, 20) });
      const databaseCores = (store.cpu() - before) / stretch.seconds;
      const allCores = (busy() - busyBefore) / stretch.seconds;
      const rate = stretch.delivered / stretch.seconds;
      return { processes, rate, cores: stretch.cpu / stretch.seconds, databaseCores, allCores };
    } finally {
      rig.close();
      await Promise.all(servers.map((server) => server.kill()));
      await destination.kill();
    }
  });
}

/** Processor seconds that the machine has worked until now. */
function busy(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000;
}
