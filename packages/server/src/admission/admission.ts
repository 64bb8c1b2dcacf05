import { statfs } from 'node:fs/promises';
import { Failure } from '../failure.ts';

/** When no more is taken. Zero switches a limit off. */
export interface AdmissionLimits {
  /** Megabytes of request bodies in work at the same time: what bounds the memory of accepting. */
  readonly inFlightMegabytes: number;
  /** The share of them that one source may take, so that the others get in. */
  readonly senderShare: number;
  /** Megabytes that must be free on the disk. */
  readonly freeDiskMegabytes: number;
  /** Events that may wait for a destination: when more wait for every one, nothing is taken. */
  readonly backlogEvents: number;
  /** Connections that may be open; beyond them the idle ones of the address with the most give way. */
  readonly connections: number;
}

/** The limits unless configured otherwise. */
export const ADMISSION_LIMITS: AdmissionLimits = {
  inFlightMegabytes: 64,
  senderShare: 0.5,
  freeDiskMegabytes: 512,
  backlogEvents: 20_000_000,
  connections: 10_000,
};

/** What all senders together may take whose write key is in the body, and so not known yet. */
const STRANGERS_SHARE = 0.25;
/** What one address of them may take. */
const STRANGER_SHARE = 0.125;

/** Seconds after which a sender may try again. */
const SOON = 1;
const LATER = 30;
const LOOK = 1_000;

/** Looks in a row with requests refused although their sender had a share left, from which on the server is not ready for more. */
const SATURATED = 3;

/** Who sends a body: a source, or an address as long as no source is known. */
export type Sender = { readonly source: string } | { readonly address: string };

/** The room that the body of one request takes. */
export interface Room {
  /** Takes room for bytes that have arrived; throws a Failure when there is none. */
  take(bytes: number): void;
  /** Gives all of it back. */
  leave(): void;
}

/** Decides whether there is room for what comes in. */
export interface Admission {
  /** Throws a Failure while nothing is taken. */
  check(): void;
  /** Opens the room of a body; it takes nothing yet. */
  enter(sender: Sender): Room;
  /** Why nothing is taken at the moment. */
  closed(): string | undefined;
  /** Why no more should be sent here: closed, or without room for some seconds. */
  unready(): string | undefined;
  /** Bytes of bodies in work. */
  inFlight(): number;
  stop(): void;
}

/** The admission control of a data folder. It checks disk and backlog now and then, not at every request. */
export function createAdmission(input: {
  readonly limits: AdmissionLimits;
  readonly dataDir: string;
  readonly backlog: () => Promise<number>;
  readonly onChange: (reason: string | undefined) => void;
}): Admission {
  const { limits } = input;
  const most = limits.inFlightMegabytes > 0 ? limits.inFlightMegabytes * 2 ** 20 : Number.POSITIVE_INFINITY;
  const taken = new Map<string, number>();
  let inFlight = 0;
  let closed: string | undefined;
  let refused = false;
  let lacking = 0;

  const look = async (): Promise<string | undefined> => {
    if (limits.freeDiskMegabytes > 0) {
      const { bavail, bsize } = await statfs(input.dataDir);
      const free = Math.floor((bavail * bsize) / 2 ** 20);
      if (free < limits.freeDiskMegabytes)
        return `The disk has ${free} MB left; ${limits.freeDiskMegabytes} MB must stay free.`;
    }
    const waiting = limits.backlogEvents > 0 ? await input.backlog() : 0;
    return waiting > limits.backlogEvents
      ? `${waiting} events wait for every destination; the maximum is ${limits.backlogEvents}.`
      : undefined;
  };
  const check = (): void => {
    lacking = refused ? lacking + 1 : 0;
    refused = false;
    look().then(
      (reason) => {
        if ((reason === undefined) !== (closed === undefined)) input.onChange(reason);
        closed = reason;
      },
      // A failed check is not a reason to refuse: storing shows whether it works.
      () => undefined,
    );
  };
  const timer = setInterval(check, LOOK);
  timer.unref();
  check();

  const lack = (message: string): Failure => new Failure('server_overloaded', message, [], SOON);
  return {
    closed: () => closed,
    unready: () =>
      closed ?? (lacking >= SATURATED ? 'Capacity has been exhausted for some seconds.' : undefined),
    inFlight: () => inFlight,
    check() {
      if (closed !== undefined) throw new Failure('server_overloaded', closed, [], LATER);
    },
    enter(sender) {
      const shares = sharesOf(sender, limits.senderShare);
      let own = 0;
      return {
        take(bytes) {
          if (inFlight + bytes > most) {
            refused = true;
            throw lack('Too many requests are in progress.');
          }
          for (const [name, share] of shares) {
            if ((taken.get(name) ?? 0) + bytes > most * share)
              throw lack('Too many requests of this sender are in progress.');
          }
          own += bytes;
          inFlight += bytes;
          for (const [name] of shares) taken.set(name, (taken.get(name) ?? 0) + bytes);
        },
        leave() {
          inFlight -= own;
          for (const [name] of shares) {
            const rest = (taken.get(name) ?? 0) - own;
            if (rest > 0) taken.set(name, rest);
            else taken.delete(name);
          }
          own = 0;
        },
      };
    },
    stop: () => clearInterval(timer),
  };
}

function sharesOf(sender: Sender, senderShare: number): readonly (readonly [string, number])[] {
  if ('source' in sender) return [[`source ${sender.source}`, senderShare]];
  return [
    ['strangers', STRANGERS_SHARE],
    [`address ${sender.address}`, STRANGER_SHARE],
  ];
}
