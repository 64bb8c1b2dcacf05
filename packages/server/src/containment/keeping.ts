import type { InstanceState } from '@waybill/core';
import type { FromProcess, KeptEntries, ToProcess } from './protocol.ts';

/** The state of instances whose code runs in a process, from outside. */
export interface Keeping {
  /** Returns the state that is sent with a task of an instance. */
  entries(kept: {
    readonly id: number;
    readonly state: InstanceState;
  }): { readonly id: number } & KeptEntries;
  /** Handles a message of the process about the state of an instance. */
  hear(message: Extract<FromProcess, { readonly kept: number }>): void;
  /** Ends the turns of a process that has ended. */
  forget(): void;
}

/** The number of most recently used instances whose state a process may write. */
const MOST = 200;

/** The maximum duration of a turn, in milliseconds: others wait for it. */
const LONGEST_TURN = 40_000;

interface Kept {
  readonly state: InstanceState;
  /** The last received change of the process. */
  seen: number;
}

/** Creates an empty state. */
export function createKeeping(
  post: (message: ToProcess) => void,
  onError: (error: unknown) => void,
): Keeping {
  const all = new Map<number, Kept>();
  const turns = new Map<number, () => void>();
  const told = ({ state, seen }: Kept): KeptEntries => ({ entries: state.all(), seen });
  const turn = async (kept: number, number: number): Promise<void> => {
    const one = all.get(kept);
    if (one === undefined) return post({ kind: 'turn', kept, number, entries: { entries: {}, seen: 0 } });
    await one.state.inTurn(async () => {
      const ended = new Promise<void>((resolve) => turns.set(number, resolve));
      const patience = setTimeout(() => turns.get(number)?.(), LONGEST_TURN);
      post({ kind: 'turn', kept, number, entries: told(one) });
      await ended;
      clearTimeout(patience);
      turns.delete(number);
    });
  };
  return {
    entries({ id, state }) {
      const one = all.get(id) ?? { state, seen: 0 };
      all.delete(id);
      all.set(id, one);
      if (all.size > MOST) all.delete(all.keys().next().value!);
      return { id, ...told(one) };
    },
    hear(message) {
      const one = all.get(message.kept);
      if (message.kind === 'turned') return turns.get(message.number)?.();
      if (message.kind === 'turn') return void turn(message.kept, message.number).catch(onError);
      if (message.kind !== 'keep' || one === undefined) return;
      one.state.set(plainEntries(message.entries));
      if (Number.isInteger(message.number)) one.seen = message.number;
    },
    forget() {
      all.clear();
      for (const end of turns.values()) end();
    },
  };
}

/** Copies only strings, regardless of what the process has sent. */
function plainEntries(entries: unknown): Record<string, string | undefined> {
  if (typeof entries !== 'object' || entries === null) return {};
  return Object.fromEntries(
    Object.entries(entries).filter(
      (entry): entry is [string, string | undefined] =>
        entry[1] === undefined || typeof entry[1] === 'string',
    ),
  );
}
