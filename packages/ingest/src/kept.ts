import type { Lease, Log } from '@waybill/delivery';
import type { Elsewhere } from './elsewhere.ts';
import { createOwner } from './owner.ts';

/** Sources or processors with stored data, which is removed with them. */
export interface KeptOwners {
  /** Adds owners. */
  add(ids: readonly string[]): Promise<void>;
  /** Erases the data of owners that are not among these; checked again for each, because they may return. */
  clear(isThere: (id: string) => boolean): Promise<void>;
}

/** The inputs of the clean-up of stored data. */
export interface KeptInput {
  readonly log: Pick<Log, 'append' | 'carried' | 'carriedAfter' | 'get' | 'owners' | 'set' | 'timers'>;
  readonly holder: string;
  readonly now: () => number;
  readonly elsewhere?: Pick<Elsewhere, 'owners'> | undefined;
}

/** The number of values and timers erased per step: requests take precedence. */
const PAGE = 200;
/** The number and delay, in milliseconds, of retries while another process has not released an owner. */
const TRIES = 20;
const TRY_AGAIN = 500;

/** The stored data of a kind of entity. */
export interface KeptKind {
  readonly ownersOf: (id: string) => readonly string[];
  /** The cursor of one that has not begun. */
  readonly empty: string;
  /** Erases what is kept elsewhere. */
  readonly also?: (id: string) => Promise<void>;
}

/** Remembers, under a name, who was ever at work. */
export function createKeptOwners(
  name: string,
  { ownersOf, empty, also }: KeptKind,
  { log, holder, now, elsewhere }: KeptInput,
): KeptOwners {
  let known: Set<string> | undefined;
  const read = async (): Promise<Set<string>> => {
    const kept = JSON.parse((await log.get(name)) ?? '[]') as readonly string[];
    known ??= new Set(kept);
    return known;
  };
  const write = (ids: ReadonlySet<string>): Promise<void> => log.set(name, JSON.stringify([...ids]));
  const erase = async (id: string): Promise<void> => {
    for (const one of ownersOf(id)) {
      const owner = createOwner({
        name: one,
        holder,
        log: elsewhere ?? log,
        now,
        onTaken: () => Promise.resolve(),
      });
      let lease = await owner.lease();
      for (let tries = 1; lease === undefined && elsewhere !== undefined && tries < TRIES; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN));
        lease = await owner.lease();
      }
      if (lease === undefined) throw new Error(`Another server works for "${id}".`);
      await eraseAll(log, lease, empty);
      await owner.release();
    }
    await also?.(id);
  };
  return {
    async add(ids) {
      const all = await read();
      const fresh = ids.filter((id) => !all.has(id));
      for (const id of fresh) all.add(id);
      if (fresh.length > 0) await write(all);
    },
    async clear(isThere) {
      const all = await read();
      for (const id of [...all]) {
        if (isThere(id)) continue;
        await erase(id);
        if (isThere(id)) continue;
        all.delete(id);
        await write(all);
      }
    },
  };
}

/** Removes all data of a removed owner. */
async function eraseAll(log: KeptInput['log'], lease: Lease<string>, cursor: string): Promise<void> {
  let after: string | undefined;
  for (;;) {
    // Nobody else writes meanwhile, so nothing appears before this key.
    const state = await log.carriedAfter(lease.key, { after, limit: PAGE });
    const timers = await log.timers(lease.key, { limit: PAGE });
    const isLast = state.length + timers.length === 0;
    const stored = await log.append([], {
      lease,
      state: state.map(({ key }) => ({ key })),
      timers: timers.map(({ key, due }) => ({ key, due })),
      ...(isLast ? { cursor } : {}),
    });
    if (stored === 'stale') throw new Error('Another server has taken over.');
    if (isLast) return;
    after = state.at(-1)?.key ?? after;
  }
}
