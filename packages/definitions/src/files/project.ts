import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDestinationPackage } from '../modules.ts';

/** Whose destinations a command without a name is about: those of the package it runs in, or Waybill's in its own repository. */
export type Project = 'waybill' | 'package' | 'none';

/** What a folder is. */
export function projectOf(folder: string): Project {
  if (existsSync(join(folder, 'packages/destinations/src/index.ts'))) return 'waybill';
  return isDestinationPackage(folder) ? 'package' : 'none';
}
