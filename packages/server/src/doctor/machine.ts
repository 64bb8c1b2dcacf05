import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Finding, ok, problem, warning } from './finding.ts';

/** What a machine has, as far as a server needs it. */
export interface Machine {
  /** The version of Node, without a `v`. */
  readonly node: string;
  /** Megabytes that this process may take. */
  readonly memory: number;
  /** Megabytes that are free where a folder is, or will be. */
  freeDisk(folder: string): number;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  return {
    node: process.versions.node,
    // Without a limit some systems tell 0, some a number beyond all memory.
    memory: Math.round((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 1e6),
    freeDisk(folder) {
      const { bavail, bsize } = statfsSync(nearest(folder));
      return Math.floor((bavail * bsize) / 1e6);
    },
  };
}

/** The folder itself, or the nearest one above it that exists. */
export function nearest(folder: string): string {
  let found = resolve(folder);
  while (!existsSync(found) && dirname(found) !== found) found = dirname(found);
  return found;
}

const OLDEST_NODE = 24;
/** What a server takes under full load, and with nothing to do. */
const MEMORY_FULL = 512;
const MEMORY_LEAST = 256;
/** As many times the free space at which intake closes are room enough for a while. */
const COMFORT = 4;

/** Looks at Node, memory and disk. `keptFree` is the free space in megabytes below which no events are taken. */
export function checkMachine(machine: Machine, folder: string, keptFree: number): readonly Finding[] {
  return [checkNode(machine.node), checkMemory(machine.memory), checkDisk(machine, folder, keptFree)];
}

function checkNode(version: string): Finding {
  const major = Number(version.split('.')[0]);
  if (major >= OLDEST_NODE) return ok('node', `Node ${version}`);
  return problem(
    'node',
    `Node ${version} is too old: Waybill needs ${OLDEST_NODE} or newer.`,
    'Install a newer Node, from nodejs.org or with a version manager.',
  );
}

function checkMemory(megabytes: number): Finding {
  const said = `${megabytes} MB`;
  if (megabytes >= MEMORY_FULL) return ok('memory', said);
  const remedy = `Give the machine or the container at least ${MEMORY_FULL} MB.`;
  if (megabytes >= MEMORY_LEAST)
    return warning('memory', `${said} is enough for a light load: full load takes about 300 MB.`, remedy);
  return problem('memory', `${said} is too little for a server.`, remedy);
}

function checkDisk(machine: Machine, folder: string, keptFree: number): Finding {
  const free = machine.freeDisk(folder);
  const said = `${free} MB free at ${folder}`;
  const remedy =
    'Free some space, move the data folder to a larger disk, or lower WAYBILL_RETENTION_DAYS and WAYBILL_RETENTION_GB.';
  if (free < keptFree)
    return problem(
      'disk',
      `${said}; below ${keptFree} MB (WAYBILL_FREE_DISK_MB) no events are accepted.`,
      remedy,
    );
  if (free < keptFree * COMFORT)
    return warning(
      'disk',
      `${said}; at ${keptFree} MB (WAYBILL_FREE_DISK_MB) no more events are accepted.`,
      remedy,
    );
  return ok('disk', said);
}
