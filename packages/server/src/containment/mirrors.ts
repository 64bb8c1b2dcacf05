import { type InstanceState, oneByOne, volatileState } from '@waybill/core';
import type { FromProcess, KeptEntries, ToProcess } from './protocol.ts';

/** What instances keep, as the process of their code has it. */
export interface Mirrors {
  /** The state that came with a task. */
  of(kept: { readonly id: number } & KeptEntries): InstanceState;
  /** It is a turn that was asked for. */
  begin(message: Extract<ToProcess, { kind: 'turn' }>): void;
}

/** States that are held: those that tasks came with last. */
const MOST = 200;

interface Mirror {
  readonly state: InstanceState;
  /** Takes over what is known outside; what was changed here since stays. */
  take(entries: KeptEntries): void;
}

/** No states yet; what they keep is said to whoever is outside. */
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
