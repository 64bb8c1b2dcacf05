import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDestinationPackage } from '../modules.ts';

/** The default destinations of a command: those of the current package, or Waybill's in its own repository. */
export type Project = 'waybill' | 'package' | 'none';

/** Returns the kind of project in a folder. */
export function projectOf(folder: string): Project {
  if (existsSync(join(folder, 'packages/destinations/src/index.ts'))) return 'waybill';
  return isDestinationPackage(folder) ? 'package' : 'none';
}
