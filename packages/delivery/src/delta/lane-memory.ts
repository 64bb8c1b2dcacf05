import type { Memory, Recall } from '@waybill/core';
import type { MemoryPlace, MemoryWrite } from '../stores/rows.ts';
import type { State } from '../stores/state.ts';

/** Remembered values by place, as read, overlaid with those of unsettled steps. */
export type Recalled = (place: MemoryPlace) => string | undefined;

/** The memory of a lane: the stored values, overlaid with those of unsettled steps. */
export interface LaneMemory {
  /** Reads the values of some places in one call. */
  read(places: readonly MemoryPlace[]): Promise<Recalled>;
  /** Makes a value visible to the lane; it becomes durable with a settlement. */
  stage(write: MemoryWrite): void;
  /** Removes staged values that are stored, or never will be. */
  unstage(writes: readonly MemoryWrite[]): void;
  /** Reads what actions have remembered by keys, in one call. */
  recall(keys: readonly string[]): Promise<Recall>;
  /** The memory that an action receives for one call, and its writes. */
  forCall(): { readonly memory: Memory; readonly writes: () => readonly MemoryWrite[] };
}

/** The maximum length of a key of an action. */
export const LONGEST_KEY = 512;

/** The maximum length of a value of an action. */
export const LONGEST_VALUE = 4_096;

/** Creates the memory of a lane. */
export function createLaneMemory(state: Pick<State, 'recall'>, destination: string): LaneMemory {
  const staged = new Map<string, MemoryWrite>();
  /** Reads in progress: a value that is staged meanwhile is newer than the answer of the store. */
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
          // A write after the answer of the action would belong to no settlement.
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

/** Rejects for the action; marked as handled, so that an action that does not await it does not end the process. */
function refused(what: 'key' | 'value'): Promise<never> {
  const refusal = Promise.reject<never>(
    new TypeError(`The ${what} of something to remember is not a string.`),
  );
  refusal.catch(() => undefined);
  return refusal;
}
