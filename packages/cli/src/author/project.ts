import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Destination } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { isDestinationPackage, loadModule } from '@waybill/server';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { moduleFile } from './load.ts';

/** Whose destinations a command without a name is about: those of the package it runs in, or Waybill's in its own repository. */
export type Project = 'waybill' | 'package' | 'none';

/** What a folder is. */
export function projectOf(folder: string): Project {
  if (existsSync(join(folder, 'packages/destinations/src/index.ts'))) return 'waybill';
  return isDestinationPackage(folder) ? 'package' : 'none';
}

/** The destinations that the project in a folder holds. */
export async function projectDestinations(folder: string): Promise<readonly Destination[]> {
  switch (projectOf(folder)) {
    case 'waybill':
      return destinations;
    case 'none':
      throw new CommandFailure(
        `There is no destination in ${folder}. Run it in the package of a destination; "waybill init" makes one.`,
        EXIT.usage,
      );
    case 'package': {
      const loaded = await loadModule(moduleFile(folder));
      if (loaded.ok) return loaded.destinations;
      throw new CommandFailure(`${loaded.failure.message}\n${loaded.failure.remedy}`);
    }
  }
}
