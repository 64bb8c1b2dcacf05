import type { Peers } from '@waybill/delivery';

/** How long a process may be silent before others take over, in milliseconds. */
export const LEASE = 3_000;

/** The heartbeat interval, in milliseconds. */
const BEAT = 750;

/** The membership of a process in a role. */
export interface Membership {
  /** All members in a fixed order, including this one if it takes part. */
  members(): readonly string[];
  /** Whether there are currently others. */
  hasOthers(): boolean;
  /** Refreshes the members. */
  look(): Promise<void>;
  /** Leaves the members. */
  leave(): Promise<void>;
}

/** The inputs of joining. */
export interface JoinInput {
  readonly peers: Peers;
  /** The common role, for example `delivery`. */
  readonly role: string;
  /** Names this process. */
  readonly member: string;
  /** Whether it is a member; otherwise it only observes. */
  readonly takesPart: boolean;
  /** Called when members have changed, and when the store answers again. */
  readonly onChange: () => void;
  /** Called when the store does not answer; the known members stay. */
  readonly onError: (error: unknown) => void;
}

/** Joins a role; resolves when its members are known. */
export async function join(input: JoinInput): Promise<Membership> {
  const { peers, role, member, takesPart, onChange, onError } = input;
  let members: readonly string[] = takesPart ? [member] : [];
  let left = false;
  let failed = false;
  let looking: Promise<void> | undefined;
  const beat = async (): Promise<void> => {
    try {
      const found = await peers.beat(role, member, takesPart ? LEASE : 0);
      if (left || (!failed && found.join() === members.join())) return;
      failed = false;
      members = found;
      onChange();
    } catch (error) {
      failed = true;
      onError(error);
    }
  };
  const look = (): Promise<void> => {
    if (left) return Promise.resolve();
    looking ??= beat().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  await look();
  const tell = (): Promise<void> => peers.tell({ topic: 'members' });
  if (takesPart) await tell().catch(onError);
  const timer = setInterval(() => void look(), BEAT).unref();
  return {
    members: () => members,
    hasOthers: () => members.some((one) => one !== member),
    look,
    async leave() {
      left = true;
      clearInterval(timer);
      await looking;
      if (!takesPart) return;
      // If the store does not answer, the others notice by themselves.
      await peers
        .leave(role, member)
        .then(tell)
        .catch(() => undefined);
    },
  };
}
