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

/** What an engine needs to know that has others beside it, and what is to be done when it stops. */
export interface SharedDelivery {
  readonly engine: {
    readonly holder?: string;
    readonly leaseMs?: number;
    readonly share?: (lanes: readonly LaneKey[]) => readonly LaneKey[];
    readonly divide?: (asks: readonly PartAsk[]) => Promise<ReadonlyMap<string, number>>;
    readonly onLeft?: () => void;
    readonly inTurn?: InTurn;
  };
  /** Whether others deliver at this moment. */
  hasOthers(): boolean;
  /** Tells others something; what is lost they find by themselves. */
  tell(signal: Signal): void;
  /** Takes its share from now on, and hears what others tell. */
  begin(engine: Pick<Engine, 'wake' | 'rebalance' | 'tryAgain' | 'hurry'>): void;
  /** Leaves the work to the others; the lanes are still to be left. */
  leave(): Promise<void>;
  /** Tells the others that they have been. */
  left(): Promise<void>;
}

/** Longer than what is done in a turn takes: a request to a token endpoint, which is given up before. Milliseconds. */
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

/** Who shares, and whether lanes are for it at all. */
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
      // Lanes that wait after a failure of the store go on at once.
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

/** What is told with `hurry`: every process tries what waits in the lanes that it has. */
export interface HurryAbout {
  readonly destinations: readonly string[];
  readonly user?: string;
}

function nameOf({ destination, partition }: LaneKey): string {
  return JSON.stringify([destination, partition]);
}
