import { createTriggerIndex, type Event, type ResolvedProcessor } from '@waybill/core';
import type { Log, LoggedEvent } from '@waybill/delivery';
import { createDerive, type Derive } from './derive.ts';
import { introduces } from './person.ts';
import { toldBy } from './told.ts';
import { aliasIn } from './user.ts';
import { beginWork, type Work } from './work.ts';

/** Processes events for a processor, with the stored user states of an owner. */
export interface Reader {
  readonly derive: Derive;
  /** Whether the processor handles an event. */
  isMine(logged: LoggedEvent): boolean;
  /** Processes these events in a step, after it has read the data of their users and of the others. */
  workOn(events: readonly LoggedEvent[], users: readonly string[], context: StepContext): Promise<Work>;
}

/** What a step depends on besides its events. */
export interface StepContext {
  readonly rows: Kept;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Reads stored data by keys; missing ones are left out. */
export type Kept = (keys: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/** Reads the stored data of an owner in a log. */
export function keptBy(log: Pick<Log, 'carried'>, owner: string): Kept {
  return async (keys) => (await log.carried(owner, keys)).state;
}

/** Creates the reader of a processor. */
export function createReader(resolved: ResolvedProcessor, seal?: (text: string) => string): Reader {
  const { trigger, merge } = resolved.processor;
  // Most events can be decided by name alone.
  const triggers = createTriggerIndex([{ id: true, trigger }]);
  const matches = (event: Event): boolean => triggers.match(event).length > 0;
  const sources = new Set(resolved.sources);
  const merges = merge !== undefined;
  const derive = createDerive(resolved);

  /** Reads stored data by keys, and by the keys that their aliases point to. */
  const known = async (keys: ReadonlySet<string>, rowsOf: Kept): Promise<ReadonlyMap<string, Uint8Array>> => {
    const found = new Map<string, Uint8Array>();
    let wanted = [...keys];
    while (wanted.length > 0) {
      const rows = await rowsOf(wanted);
      for (const [key, row] of rows) found.set(key, row);
      const others = merges ? [...rows.values()].flatMap((row) => aliasIn(row) ?? []) : [];
      wanted = [...new Set(others)].filter((key) => !found.has(key));
    }
    return found;
  };
  return {
    derive,
    isMine: ({ damage, sourceId, event }) =>
      damage === undefined && sources.has(sourceId) && (matches(event) || (merges && introduces(event))),
    async workOn(events, users, { rows, now }) {
      const keys = new Set(users);
      let last: readonly string[] | undefined;
      for (const logged of events) {
        const all = toldBy(logged).keys;
        if (all === last) continue;
        last = all;
        if (!merges) keys.add(all[0]!);
        else for (const key of all) keys.add(key);
      }
      const work = beginWork(resolved, await known(keys, rows), now, derive, seal);
      for (const logged of events)
        if (matches(logged.event)) work.event(logged);
        else work.introduce(logged);
      return work;
    },
  };
}
