import type { Lease, Peers } from '@waybill/delivery';

/** Does work while no other process does any of the same name. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** How long that is unless it is said, in milliseconds. */
const TURN = 30_000;
/** How often a process asks whether it is its turn, in milliseconds, and how often at most. */
const ASK_AGAIN = 50;
const MOST_ASKS = 1_000;
/** How long a turn is held while its work goes on, in milliseconds: what has not ended by then will not. */
const LONGEST_WORK = 5 * 60_000;

/**
 * Takes turns with other processes in work of a name; without others there is nobody to wait for. The turn of a process that has
 * gone `lasts` so many milliseconds; that of work which takes longer is renewed.
 */
export function takingTurns(peers: Peers | undefined, name: string, member: string, lasts = TURN): InTurn {
  if (peers === undefined) return (work) => work();
  return async (work) => {
    for (let asks = 1; ; asks += 1) {
      const turn = await peers.turns.acquire(name, member, lasts);
      if (turn !== undefined) {
        const stop = holdOn(peers.turns, turn, lasts);
        try {
          return await work();
        } finally {
          stop();
          // It runs out by itself.
          await peers.turns.release(turn).catch(() => undefined);
        }
      }
      if (asks === MOST_ASKS) throw new Error(`Another process still holds the lease "${name}".`);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
  };
}

/** Renews a turn in time until the function that it returns is called, or for as long as any work may take. */
function holdOn(turns: Peers['turns'], turn: Lease<string>, lasts: number): () => void {
  const end = Date.now() + LONGEST_WORK;
  const timer = setInterval(() => {
    if (Date.now() > end) clearInterval(timer);
    // What fails is tried again before the turn runs out.
    else void turns.renew(turn, lasts).catch(() => undefined);
  }, lasts / 4);
  timer.unref();
  return () => clearInterval(timer);
}

/** Does work when no other process does any of the same name; answers undefined when one does. */
export type IfFree = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/** How long nobody else does the work of a process that has gone, in milliseconds. */
const LONG_TURN = 10 * 60_000;

/** Leaves work of a name to others when they are at it; without others it is always done. */
export function unlessOthersDo(peers: Peers | undefined, name: string, member: string): IfFree {
  if (peers === undefined) return (work) => work();
  return async (work) => {
    const turn = await peers.turns.acquire(name, member, LONG_TURN);
    if (turn === undefined) return undefined;
    try {
      return await work();
    } finally {
      await peers.turns.release(turn).catch(() => undefined);
    }
  };
}
