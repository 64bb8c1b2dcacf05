import type { Destination } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { failed, loadNamed } from './load.ts';
import { duplicate } from '@waybill/definitions/modules';

/**
 * Waybill's own destinations and those of names, with their code in this process: for tools. A server runs it in separate
 * processes (`containment`). Throws a Failure when something could not be loaded.
 */
export async function loadDestinations(names: readonly string[]): Promise<readonly Destination[]> {
  const loaded: Destination[] = [...destinations];
  for (const name of names) {
    for (const one of (await loadNamed(name)).destinations) {
      if (loaded.some(({ slug }) => slug === one.slug)) {
        throw failed(name, duplicate(one.slug));
      }
      loaded.push(one);
    }
  }
  return loaded;
}
