import type { Memory, Recall } from '@waybill/core';
import type { MemoryPlace, MemoryWrite } from '../stores/rows.ts';
import type { State } from '../stores/state.ts';

/** Remembered values by their places, as they were read, and over them those of steps that are not settled yet. */
export type Recalled = (place: MemoryPlace) => string | undefined;

/** What a lane remembers: the stored values, and over them those of steps that are not settled yet. */
export interface LaneMemory {
  /** Reads the values of some places in one go. */
  read(places: readonly MemoryPlace[]): Promise<Recalled>;
  /** Makes a value visible to the lane; it lasts when a settlement has taken it along. */
  stage(write: MemoryWrite): void;
  /** The values are stored, or they never will be. */
  unstage(writes: readonly MemoryWrite[]): void;
  /** Reads what actions have remembered by keys, in one go. */
  recall(keys: readonly string[]): Promise<Recall>;
  /** What an action is handed for one call, and what it has written. */
  forCall(): { readonly memory: Memory; readonly writes: () => readonly MemoryWrite[] };
}

/** Longer keys and values of actions are not kept. */
export const LONGEST_KEY = 512;

/** Longer keys and values of actions are not kept. */
export const LONGEST_VALUE = 4_096;

/** The memory of one lane. */
export function createLaneMemory(state: Pick<State, 'recall'>, destination: string): LaneMemory {
  const staged = new Map<string, MemoryWrite>();
  /** What is read at this moment: a value that is staged meanwhile is newer than what the store will answer. */
  const reading = new Set<Map<string, string | undefined>>();
  const name = ({ space, scope, key }: MemoryPlace): string => `${space}\n${scope}\n${key}`;
  const place = (key: string): MemoryPlace => ({ space: 'action', scope: '', key });

  const read = async (places: readonly MemoryPlace[]): Promise<Recalled> => {
    const values = new Map<string, string | undefined>();
    const open = places.filter((one) => {
      const write = staged.get(name(one));
      if (write !== undefined) values.set(name(one), write.value);
      return write === undefined;
    });
    if (open.length > 0) {
      reading.add(values);
      try {
        const stored = await state.recall(destination, open);
        for (const [at, one] of open.entries()) if (!values.has(name(one))) values.set(name(one), stored[at]);
      } finally {
        reading.delete(values);
      }
    }
    return (one) => {
      const write = staged.get(name(one));
      return write === undefined ? values.get(name(one)) : write.value;
    };
  };
  const stage = (write: MemoryWrite): void => {
    staged.set(name(write), write);
    for (const values of reading) values.set(name(write), write.value);
  };

  return {
    read,
    stage,
    unstage(writes) {
      for (const write of writes) {
        // A later step may have staged another value meanwhile.
        if (staged.get(name(write)) === write) staged.delete(name(write));
      }
    },
    async recall(keys) {
      const recalled = await read(keys.map(place));
      return (key) => recalled(place(key));
    },
    forCall() {
      const own: MemoryWrite[] = [];
      let closed = false;
      return {
        writes() {
          // What an action sets after it has answered would belong to no settlement.
          closed = true;
          return own;
        },
        memory: {
          get: async (key) => (isText(key) ? (await read([place(key)]))(place(key)) : refused('key')),
          set(key, value) {
            if (!isText(key)) return refused('key');
            if (value !== undefined && !isText(value)) return refused('value');
            if (closed || key.length > LONGEST_KEY || (value?.length ?? 0) > LONGEST_VALUE)
              return Promise.resolve();
            const write = value === undefined ? place(key) : { ...place(key), value };
            own.push(write);
            stage(write);
            return Promise.resolve();
          },
        },
      };
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** For the action to see; one that does not wait for the promise must not end the process by it. */
function refused(what: 'key' | 'value'): Promise<never> {
  const refusal = Promise.reject<never>(
    new TypeError(`The ${what} of something to remember is not a string.`),
  );
  refusal.catch(() => undefined);
  return refusal;
}
