import { type InstanceState, oneByOne, volatileState } from '@waybill/core';
import type { FromProcess, KeptEntries, ToProcess } from './protocol.ts';

/** The state of instances within the process of their code. */
export interface Mirrors {
  /** Returns the state that was sent with a task. */
  of(kept: { readonly id: number } & KeptEntries): InstanceState;
  /** Starts a requested turn. */
  begin(message: Extract<ToProcess, { kind: 'turn' }>): void;
}

/** The number of most recently used states that are kept. */
const MOST = 200;

interface Mirror {
  readonly state: InstanceState;
  /** Updates from the state outside; later changes in this process are kept. */
  take(entries: KeptEntries): void;
}

/** Creates empty states; changes are reported outside. */
export function createMirrors(say: (message: FromProcess) => void): Mirrors {
  const mirrors = new Map<number, Mirror>();
  const turns = new Map<number, (entries: KeptEntries) => void>();
  let asked = 0;

  const open = (kept: number): Mirror => {
    let held = volatileState();
    let changes = 0;
    let unseen: { readonly number: number; readonly news: Parameters<InstanceState['set']>[0] }[] = [];
    const queued = oneByOne();
    const take = ({ entries, seen }: KeptEntries): void => {
      held = volatileState();
      held.set(entries);
      unseen = unseen.filter(({ number }) => number > seen);
      for (const { news } of unseen) held.set(news);
    };
    const turn = async <T>(work: () => Promise<T>): Promise<T> => {
      const number = (asked += 1);
      const entries = await new Promise<KeptEntries>((resolve) => {
        turns.set(number, resolve);
        say({ kind: 'turn', kept, number });
      });
      turns.delete(number);
      take(entries);
      try {
        return await work();
      } finally {
        say({ kind: 'turned', kept, number });
      }
    };
    const state: InstanceState = {
      get: (key) => held.get(key),
      all: () => held.all(),
      set(entries) {
        const news = { ...entries };
        const number = (changes += 1);
        held.set(news);
        unseen.push({ number, news });
        say({ kind: 'keep', kept, number, entries: news });
        return true;
      },
      inTurn: (work) => queued(() => turn(work)),
    };
    return { state, take };
  };
  return {
    of({ id, ...entries }) {
      const mirror = mirrors.get(id) ?? open(id);
      mirror.take(entries);
      mirrors.delete(id);
      mirrors.set(id, mirror);
      if (mirrors.size > MOST) mirrors.delete(mirrors.keys().next().value!);
      return mirror.state;
    },
    begin: ({ number, entries }) => turns.get(number)?.(entries),
  };
}
