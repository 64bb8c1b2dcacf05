import type { Memory } from '@waybill/core';
import type { MemoryPlace, MemoryWrite, StateStore } from '../store/port.ts';

/** What a lane remembers: the stored values, and over them those of steps that are not settled yet. */
export interface LaneMemory {
  read(place: MemoryPlace): string | undefined;
  /** Makes a value visible to the lane; it lasts when a settlement has taken it along. */
  stage(write: MemoryWrite): void;
  /** The values are stored, or they never will be. */
  unstage(writes: readonly MemoryWrite[]): void;
  /** Reads what actions have remembered by key. */
  recall(key: string): string | undefined;
  /** What an action is handed for one call, and what it has written. */
  forCall(): { readonly memory: Memory; readonly writes: () => readonly MemoryWrite[] };
}

/** Longer keys and values of actions are not kept. */
export const LONGEST_KEY = 512;

/** Longer keys and values of actions are not kept. */
export const LONGEST_VALUE = 4_096;

/** The memory of one lane. */
export function createLaneMemory(state: Pick<StateStore, 'recall'>, destination: string): LaneMemory {
  const staged = new Map<string, MemoryWrite>();
  const name = ({ space, scope, key }: MemoryPlace): string => `${space}\n${scope}\n${key}`;
  const place = (key: string): MemoryPlace => ({ space: 'action', scope: '', key });
  const self: LaneMemory = {
    read(place) {
      const write = staged.get(name(place));
      return write === undefined ? state.recall(destination, place) : write.value;
    },
    stage(write) {
      staged.set(name(write), write);
    },
    unstage(writes) {
      for (const write of writes) {
        // A later step may have staged another value meanwhile.
        if (staged.get(name(write)) === write) staged.delete(name(write));
      }
    },
    recall: (key) => self.read(place(key)),
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
          get: (key) => (isText(key) ? Promise.resolve(self.read(place(key))) : refused('key')),
          set(key, value) {
            if (!isText(key)) return refused('key');
            if (value !== undefined && !isText(value)) return refused('value');
            if (closed || key.length > LONGEST_KEY || (value?.length ?? 0) > LONGEST_VALUE)
              return Promise.resolve();
            const write = value === undefined ? place(key) : { ...place(key), value };
            own.push(write);
            self.stage(write);
            return Promise.resolve();
          },
        },
      };
    },
  };
  return self;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** For the action to see; one that does not wait for the promise must not end the process by it. */
function refused(what: 'key' | 'value'): Promise<never> {
  const refusal = Promise.reject<never>(new TypeError(`The ${what} of something to remember is no text.`));
  refusal.catch(() => undefined);
  return refusal;
}
