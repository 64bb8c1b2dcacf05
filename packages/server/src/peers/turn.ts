import type { Lease, Peers } from '@waybill/delivery';

/** Runs work exclusively by name across processes. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** The default duration of a turn, in milliseconds. */
const TURN = 30_000;
/** The polling interval for a turn, in milliseconds, and the maximum number of polls. */
const ASK_AGAIN = 50;
const MOST_ASKS = 1_000;
/** The maximum duration of a turn during its work, in milliseconds: longer work counts as hung. */
const LONGEST_WORK = 5 * 60_000;

/**
 * Creates turns with other processes by name; without others there is no wait. The turn of a crashed process `lasts` a number
 * of milliseconds; that of longer work is renewed.
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
          // It expires.
          await peers.turns.release(turn).catch(() => undefined);
        }
      }
      if (asks === MOST_ASKS) throw new Error(`Another process still holds the lease "${name}".`);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
  };
}

/** Renews a turn until the returned function is called, or the maximum duration has passed. */
function holdOn(turns: Peers['turns'], turn: Lease<string>, lasts: number): () => void {
  const end = Date.now() + LONGEST_WORK;
  const timer = setInterval(() => {
    if (Date.now() > end) clearInterval(timer);
    // A failed renewal is retried before the turn expires.
    else void turns.renew(turn, lasts).catch(() => undefined);
  }, lasts / 4);
  timer.unref();
  return () => clearInterval(timer);
}

/** Runs work if no other process runs any of the same name; returns undefined otherwise. */
export type IfFree = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/** How long the work of a crashed process is blocked, in milliseconds. */
const LONG_TURN = 10 * 60_000;

/** Skips work of a name while others do it; without others it always runs. */
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
