import type { Log } from '@waybill/delivery';
import { createOwner } from '../owner.ts';
import { eraseAll, type KeptInput } from '../shops/erase.ts';
import { ownerOf } from '../shops/keeping.ts';

/** Shops of which something is kept, so that it goes when they do. */
export interface KeptShops {
  /** These are read from now on. */
  add(ids: readonly string[]): Promise<void>;
  /** Erases what is kept of shops that are not among these any more; asked again for each, as they may come back. */
  clear(isThere: (id: string) => boolean): Promise<void>;
}

/** Where the ids of shops are kept that were ever read. */
const SHOPS = 'shops';

/** Remembers which shops were read. */
export function createKeptShops(input: {
  readonly log: KeptInput['log'] & Pick<Log, 'carried' | 'get' | 'owners' | 'set'>;
  readonly holder: string;
  readonly now: () => number;
}): KeptShops {
  const { log, holder, now } = input;
  let known: Set<string> | undefined;
  const read = async (): Promise<Set<string>> => {
    const kept = JSON.parse((await log.get(SHOPS)) ?? '[]') as readonly string[];
    known ??= new Set(kept);
    return known;
  };
  const write = (ids: ReadonlySet<string>): Promise<void> => log.set(SHOPS, JSON.stringify([...ids]));
  const erase = async (id: string): Promise<void> => {
    const owner = createOwner({ name: ownerOf(id), holder, log, now, onTaken: () => Promise.resolve() });
    const lease = await owner.lease();
    if (lease === undefined) throw new Error('Another server reads this source.');
    await eraseAll({ log, lease });
    await owner.release();
  };
  return {
    async add(ids) {
      const shops = await read();
      const fresh = ids.filter((id) => !shops.has(id));
      for (const id of fresh) shops.add(id);
      if (fresh.length > 0) await write(shops);
    },
    async clear(isThere) {
      const shops = await read();
      for (const id of [...shops]) {
        if (isThere(id)) continue;
        await erase(id);
        if (isThere(id)) continue;
        shops.delete(id);
        await write(shops);
      }
    },
  };
}
