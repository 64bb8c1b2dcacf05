import { statfs } from 'node:fs/promises';
import { Failure } from '../failure.ts';

/** When the door closes. Zero switches a limit off. */
export interface DoorLimits {
  /** Megabytes of request bodies in work at the same time: what bounds the memory of accepting. */
  readonly inFlightMegabytes: number;
  /** The share of them that one sender may take, so that the others get in. */
  readonly senderShare: number;
  /** Megabytes that must be free on the disk. */
  readonly freeDiskMegabytes: number;
  /** Events that may wait for the slowest enabled destination. */
  readonly backlogEvents: number;
}

/** The limits unless configured otherwise. */
export const DOOR_LIMITS: DoorLimits = {
  inFlightMegabytes: 64,
  senderShare: 0.5,
  freeDiskMegabytes: 512,
  backlogEvents: 20_000_000,
};

/** Seconds after which a sender may try again. */
const SOON = 1;
const LATER = 30;
const LOOK = 1_000;

/** Lets requests in as long as there is room for them. */
export interface Door {
  /** Takes a place for a body; throws a Failure when there is none. Returns how to give it back. */
  enter(sender: string, bytes: number): () => void;
  /** Why nobody gets in at the moment. */
  closed(): string | undefined;
  stop(): void;
}

/** The door of a data folder. It looks at disk and backlog now and then, not at every request. */
export function createDoor(input: {
  readonly limits: DoorLimits;
  readonly dataDir: string;
  readonly backlog: () => number;
  readonly onChange: (reason: string | undefined) => void;
}): Door {
  const { limits } = input;
  const most = limits.inFlightMegabytes * 2 ** 20;
  const senders = new Map<string, number>();
  let inFlight = 0;
  let closed: string | undefined;

  const look = async (): Promise<string | undefined> => {
    if (limits.freeDiskMegabytes > 0) {
      const { bavail, bsize } = await statfs(input.dataDir);
      const free = Math.floor((bavail * bsize) / 2 ** 20);
      if (free < limits.freeDiskMegabytes)
        return `The disk has ${free} MB left; ${limits.freeDiskMegabytes} MB are kept free.`;
    }
    const waiting = limits.backlogEvents > 0 ? input.backlog() : 0;
    return waiting > limits.backlogEvents
      ? `${waiting} events wait for the slowest destination; ${limits.backlogEvents} may.`
      : undefined;
  };
  const check = (): void => {
    look().then(
      (reason) => {
        if ((reason === undefined) !== (closed === undefined)) input.onChange(reason);
        closed = reason;
      },
      // What cannot be looked at is no reason to refuse: storing tells.
      () => undefined,
    );
  };
  const timer = setInterval(check, LOOK);
  timer.unref();
  check();

  return {
    closed: () => closed,
    enter(sender, bytes) {
      if (closed !== undefined) throw new Failure('server_overloaded', closed, [], LATER);
      const own = senders.get(sender) ?? 0;
      if (most > 0 && inFlight > 0 && inFlight + bytes > most) {
        throw new Failure('server_overloaded', 'Too much is on its way in already.', [], SOON);
      }
      if (most > 0 && own > 0 && own + bytes > most * limits.senderShare) {
        throw new Failure('server_overloaded', 'Too much of this sender is on its way in already.', [], SOON);
      }
      inFlight += bytes;
      senders.set(sender, own + bytes);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        inFlight -= bytes;
        const rest = (senders.get(sender) ?? 0) - bytes;
        if (rest > 0) senders.set(sender, rest);
        else senders.delete(sender);
      };
    },
    stop: () => clearInterval(timer),
  };
}
