import type { Peers } from '@waybill/delivery';

/** How long a process may say nothing before others take over from it, in milliseconds. */
export const LEASE = 3_000;

/** How often a process says that it is there, in milliseconds. */
const BEAT = 750;

/** A process among those that do the same. */
export interface Membership {
  /** All of them in one order, this one included where it takes part. */
  members(): readonly string[];
  /** Whether there are others at this moment. */
  hasOthers(): boolean;
  /** Looks who is there now. */
  look(): Promise<void>;
  /** Leaves the work to the others. */
  leave(): Promise<void>;
}

/** What joining takes. */
export interface JoinInput {
  readonly peers: Peers;
  /** What the members have in common: `delivery`, for example. */
  readonly role: string;
  /** Names this process. */
  readonly member: string;
  /** Whether it is one of them; otherwise it only wants to know who is. */
  readonly takesPart: boolean;
  /** Told when others have come or gone, and when the store answers again. */
  readonly onChange: () => void;
  /** Told when nobody could be asked; those who were known then still are. */
  readonly onError: (error: unknown) => void;
}

/** Joins those of a role; resolves when it is known who they are. */
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
      // Where the store does not answer any more the others find out by themselves.
      await peers
        .leave(role, member)
        .then(tell)
        .catch(() => undefined);
    },
  };
}
