import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Finding, ok, problem, warning } from './finding.ts';

/** The properties of a machine that a server needs. */
export interface Machine {
  /** The version of Node, without a `v`. */
  readonly node: string;
  /** The megabytes available to this process. */
  readonly memory: number;
  /** Returns the free megabytes for a folder, existing or not. */
  freeDisk(folder: string): number;
}

/** Returns the machine of this process. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  return {
    node: process.versions.node,
    // Without a limit some systems report 0, some a huge number.
    memory: Math.round((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 1e6),
    freeDisk(folder) {
      const { bavail, bsize } = statfsSync(nearest(folder));
      return Math.floor((bavail * bsize) / 1e6);
    },
  };
}

/** Returns the folder, or its nearest existing parent. */
export function nearest(folder: string): string {
  let found = resolve(folder);
  while (!existsSync(found) && dirname(found) !== found) found = dirname(found);
  return found;
}

const OLDEST_NODE = 24;
/** The memory of a server under full load, and idle. */
const MEMORY_FULL = 512;
const MEMORY_LEAST = 256;
/** The multiple of the closing threshold that counts as enough free space. */
const COMFORT = 4;

/** Checks Node, memory and disk. `keptFree` is the free space in megabytes below which no events are taken. */
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
