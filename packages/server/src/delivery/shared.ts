import {
  type Engine,
  type InTurn,
  type LaneKey,
  type PartAsk,
  type Peers,
  shareOut,
  type Signal,
} from '@waybill/delivery';
import type { Logger } from 'pino';
import { join, LEASE, type Membership } from '../peers/membership.ts';
import { takingTurns } from '../peers/turn.ts';

/** The functions that an engine needs to share work with others, and the cleanup when it stops. */
export interface SharedDelivery {
  readonly engine: {
    readonly holder?: string;
    readonly leaseMs?: number;
    readonly share?: (lanes: readonly LaneKey[]) => readonly LaneKey[];
    readonly divide?: (asks: readonly PartAsk[]) => Promise<ReadonlyMap<string, number>>;
    readonly onLeft?: () => void;
    readonly inTurn?: InTurn;
  };
  /** Whether others deliver now. */
  hasOthers(): boolean;
  /** Notifies others; they find lost messages by themselves. */
  tell(signal: Signal): void;
  /** Takes a share of the work from now on, and receives messages of others. */
  begin(engine: Pick<Engine, 'wake' | 'rebalance' | 'tryAgain' | 'hurry'>): void;
  /** Leaves the work to the others; the lanes are released afterwards. */
  leave(): Promise<void>;
  /** Notifies the others that the lanes are released. */
  left(): Promise<void>;
}

/** Longer than the work of a turn: a request to a token endpoint, which has a shorter timeout. Milliseconds. */
const LONGEST_CALL = 45_000;

/** Delivers alone. */
const ALONE: SharedDelivery = {
  engine: {},
  hasOthers: () => false,
  tell: () => undefined,
  begin: () => undefined,
  leave: () => Promise.resolve(),
  left: () => Promise.resolve(),
};

/** A process that shares work, and whether it delivers. */
export interface Sharer {
  /** Names this process. */
  readonly member: string;
  readonly delivers: boolean;
  readonly logger: Logger;
}

/** Shares lanes with the delivery threads of other processes, where there can be any. */
export async function shareDelivery(
  peers: Peers | undefined,
  { member, delivers, logger }: Sharer,
): Promise<SharedDelivery> {
  if (peers === undefined) return ALONE;
  let begun: Parameters<SharedDelivery['begin']>[0] | undefined;
  const onError = (error: unknown): void =>
    logger.warn({ err: error }, 'other processes could not be reached');
  const tell = (signal: Signal): void => void peers.tell(signal).catch(onError);
  const membership: Membership = await join({
    peers,
    role: 'delivery',
    member,
    takesPart: delivers,
    onChange() {
      begun?.rebalance();
      // Lanes that wait after a failure of the store continue at once.
      begun?.tryAgain();
    },
    onError,
  });
  const on = ({ topic, about }: Signal): void => {
    if (topic === 'log') begun?.wake();
    if (topic === 'lanes') begun?.tryAgain();
    if (topic === 'members') void membership.look();
    if (topic !== 'hurry') return;
    const { destinations, user } = about as HurryAbout;
    for (const id of destinations) void begun?.hurry(id, user).catch(onError);
  };
  const stopHearing = peers.hear(on);
  return {
    engine: {
      holder: member,
      leaseMs: LEASE,
      share(lanes) {
        const shares = shareOut(lanes.map(nameOf), membership.members());
        return lanes.filter((lane) => shares.get(nameOf(lane)) === member);
      },
      divide: (asks) => peers.divide(member, asks, LEASE),
      onLeft: () => tell({ topic: 'lanes' }),
      inTurn: (name, work) => takingTurns(peers, name, member, LONGEST_CALL)(work),
    },
    hasOthers: membership.hasOthers,
    tell,
    begin(engine) {
      begun = engine;
    },
    async leave() {
      stopHearing();
      await membership.leave();
    },
    left: () => peers.tell({ topic: 'lanes' }).catch(onError),
  };
}

/** The message of `hurry`: every process retries the waiting items of its lanes. */
export interface HurryAbout {
  readonly destinations: readonly string[];
  readonly user?: string;
}

function nameOf({ destination, partition }: LaneKey): string {
  return JSON.stringify([destination, partition]);
}
