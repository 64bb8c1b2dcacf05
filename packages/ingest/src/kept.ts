import type { Lease, Log } from '@waybill/delivery';
import type { Elsewhere } from './elsewhere.ts';
import { createOwner } from './owner.ts';

/** Sources or processors of which something is kept, so that it goes when they do. */
export interface KeptOwners {
  /** These are at work from now on. */
  add(ids: readonly string[]): Promise<void>;
  /** Erases what is kept of those that are not among these any more; asked again for each, as they may come back. */
  clear(isThere: (id: string) => boolean): Promise<void>;
}

/** What looking after what is kept of sources and processors takes. */
export interface KeptInput {
  readonly log: Pick<Log, 'append' | 'carried' | 'carriedAfter' | 'get' | 'owners' | 'set' | 'timers'>;
  readonly holder: string;
  readonly now: () => number;
  readonly elsewhere?: Pick<Elsewhere, 'owners'> | undefined;
}

/** Values and timers that are erased in one go: requests go before. */
const PAGE = 200;
/** How often, and after how many milliseconds, is tried again what another process has yet to leave. */
const TRIES = 20;
const TRY_AGAIN = 500;

/** What is kept of one of them. */
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

/** Removes everything that is kept of an owner that is no more. */
async function eraseAll(log: KeptInput['log'], lease: Lease<string>, cursor: string): Promise<void> {
  for (;;) {
    const state = await log.carriedAfter(lease.key, { limit: PAGE });
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
  }
}
