import { statfs } from 'node:fs/promises';
import { Failure } from '../failure.ts';

/** The limits of admission control. Zero disables a limit. */
export interface AdmissionLimits {
  /** The maximum megabytes of request bodies in memory at the same time. */
  readonly inFlightMegabytes: number;
  /** The share of them for one source, so that others are accepted. */
  readonly senderShare: number;
  /** The megabytes that must be free on the disk. */
  readonly freeDiskMegabytes: number;
  /** The number of waiting events per destination: when every destination exceeds it, intake is closed. */
  readonly backlogEvents: number;
  /** The maximum number of open connections; above it the idle ones of the client with the most are closed. */
  readonly connections: number;
}

/** The default limits. */
export const ADMISSION_LIMITS: AdmissionLimits = {
  inFlightMegabytes: 64,
  senderShare: 0.5,
  freeDiskMegabytes: 512,
  backlogEvents: 20_000_000,
  connections: 10_000,
};

/** The share of all senders whose write key is in the body, and so unknown yet. */
const STRANGERS_SHARE = 0.25;
/** The share of one client of them. */
const STRANGER_SHARE = 0.125;

/** The Retry-After in seconds. */
const SOON = 1;
const LATER = 30;
const LOOK = 1_000;

/** The number of consecutive checks with refusals of senders within their share, after which the server is not ready. */
const SATURATED = 3;

/** The sender of a body: a source, or a client address while the source is unknown. */
export type Sender = { readonly source: string } | { readonly address: string };

/** The memory reserved for the body of one request. */
export interface Room {
  /** Reserves memory for arrived bytes; throws a Failure when there is none. */
  take(bytes: number): void;
  /** Releases all of it. */
  leave(): void;
}

/** Decides whether requests are accepted. */
export interface Admission {
  /** Throws a Failure while intake is closed. */
  check(): void;
  /** Opens the reservation of a body, initially empty. */
  enter(sender: Sender): Room;
  /** Returns why intake is closed. */
  closed(): string | undefined;
  /** Returns why the server is not ready: closed, or without memory for some seconds. */
  unready(): string | undefined;
  /** The bytes of bodies in memory. */
  inFlight(): number;
  stop(): void;
}

/** The admission control of a data folder. It checks disk and backlog periodically, not at every request. */
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
      // A failed check is not a reason to refuse: storing shows whether the disk works.
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
