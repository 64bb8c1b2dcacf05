import type { LaneKey } from '../stores/state.ts';
import type { Lane } from './lane.ts';
import type { LaneShared } from './lane-shared.ts';

/** Starts the lanes that are for this engine, and stops those that are for another one. */
export interface SharedOut {
  /** Starts or stops each lane by the current assignment. */
  direct(lanes: readonly DirectedLane[], running: boolean): void;
  /** Forgets removed lanes. */
  forget(lanes: readonly Lane[]): void;
  /** Resolves when stopping lanes have stopped. */
  stopped(): Promise<void>;
}

/** A lane with its assignment key. */
export interface DirectedLane {
  readonly key: LaneKey;
  readonly lane: Lane;
}

/** Creates the assignment of lanes; none is running yet. */
export function createSharedOut({
  share,
  parts,
  logger,
  onLeft,
}: Pick<LaneShared, 'share' | 'parts' | 'logger' | 'onLeft'>): SharedOut {
  const working = new Set<Lane>();
  const wanted = new Set<Lane>();
  /** Lanes in their last steps; one that is needed again starts after them. */
  const stopping = new Map<Lane, Promise<void>>();

  const stop = async (lane: Lane, key: LaneKey): Promise<void> => {
    try {
      await lane.stop();
      onLeft();
    } catch (error) {
      logger.warn({ ...key, err: error }, 'A lane could not be handed over to another engine.');
    }
    working.delete(lane);
    stopping.delete(lane);
    if (wanted.has(lane)) start(lane);
  };
  const start = (lane: Lane): void => {
    wanted.add(lane);
    if (working.has(lane)) return;
    working.add(lane);
    lane.start();
  };
  return {
    direct(lanes, running) {
      const own = share?.(lanes.map(({ key }) => key));
      const mine = own && new Set(own.map(nameOf));
      if (own !== undefined) partsOf(lanes, own, parts);
      for (const { key, lane } of lanes) {
        if (running && (mine === undefined || mine.has(nameOf(key)))) {
          start(lane);
          continue;
        }
        wanted.delete(lane);
        if (working.has(lane) && !stopping.has(lane)) stopping.set(lane, stop(lane, key));
        // A lane that has only a start here.
        else if (running && !working.has(lane)) lane.leave().catch(() => undefined);
      }
    },
    forget(lanes) {
      for (const lane of lanes) {
        wanted.delete(lane);
        working.delete(lane);
      }
    },
    async stopped() {
      await Promise.all(stopping.values());
    },
  };
}

/** Records the share of the lanes of each destination that this engine has: limits are divided like lanes. */
function partsOf(lanes: readonly DirectedLane[], own: readonly LaneKey[], parts: LaneShared['parts']): void {
  for (const [destination, all] of Map.groupBy(lanes, ({ key }) => key.destination))
    parts.own(destination, own.filter((key) => key.destination === destination).length / all.length);
}

function nameOf({ destination, partition }: LaneKey): string {
  return JSON.stringify([destination, partition]);
}
