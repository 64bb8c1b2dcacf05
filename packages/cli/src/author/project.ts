import type { Destination } from '@waybill/core';
import { projectOf } from '@waybill/definitions/files';
import { loadModule } from '@waybill/definitions/modules';
import { destinations } from '@waybill/destinations';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { moduleFile } from './load.ts';

/** Returns the destinations of the project in a folder. */
export async function projectDestinations(folder: string): Promise<readonly Destination[]> {
  switch (projectOf(folder)) {
    case 'waybill':
      return destinations;
    case 'none':
      throw new CommandFailure(
        `There is no destination in ${folder}. Run this in the package of a destination; "waybill init" creates one.`,
        EXIT.usage,
      );
    case 'package': {
      const loaded = await loadModule(moduleFile(folder));
      if (loaded.ok) return loaded.destinations;
      throw new CommandFailure(`${loaded.failure.message}\n${loaded.failure.remedy}`);
    }
  }
}
