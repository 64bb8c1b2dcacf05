import { ADMISSION_LIMITS } from '../admission/admission.ts';
import { limitsFromEnvironment } from '../config.ts';
import { checkFolder } from './folder.ts';
import { type Finding, skipped } from './finding.ts';
import { checkKey } from './key.ts';
import { checkMachine, type Machine } from './machine.ts';
import { checkPort } from './port.ts';
import { checkStores } from './stores.ts';

/** The environment of a server to check, with injected functions. */
export interface Examined {
  readonly dataDir: string;
  /** The address of the stores; the data folder when absent. */
  readonly store: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly env: (name: string) => string | undefined;
  readonly machine: Machine;
  /** Fetches the body of a URL; undefined when nothing answers. */
  readonly ask: (url: string) => Promise<string | undefined>;
}

/** The findings, and whether the server of this data folder runs: then it can be queried. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly isRunning: boolean;
}

/** Checks everything that a server needs before it starts, without changes. */
export async function examine(input: Examined): Promise<Examination> {
  const { dataDir, host, port, env } = input;
  const store = input.store ?? `sqlite:${dataDir}`;
  const { limits } = limitsFromEnvironment(env);
  const keptFree = limits?.freeDiskMegabytes ?? ADMISSION_LIMITS.freeDiskMegabytes;
  const machine = checkMachine(input.machine, dataDir, keptFree);
  const folder = checkFolder(dataDir);
  const listening = await checkPort({ host, port, isTaken: folder.isTaken }, input.ask);
  const isElsewhere = !store.startsWith('sqlite:');
  const stores =
    folder.isThere || isElsewhere
      ? [await checkStores(store), await checkKey(dataDir, store, env('WAYBILL_SECRET_KEY') || undefined)]
      : [skipped('databases', 'There is no data folder yet.')];
  return {
    findings: [...machine, ...folder.findings, ...stores, listening.finding],
    isRunning: folder.isTaken && listening.isOurs,
  };
}

export type { Finding, FindingStatus } from './finding.ts';
export { type Machine, thisMachine } from './machine.ts';
