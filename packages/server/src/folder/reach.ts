import type { Log, State } from '@waybill/delivery';

/** A lane whose cursor in the state is behind the one recorded in the log. */
export interface OldLane {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  /** Its cursor in the state. */
  readonly cursor: number;
  /** Its recorded cursor. */
  readonly reached: number;
}

/** Where outdated lanes continue: at the cursor of the state, which sends again, or of the log. */
export type GoOn = 'state' | 'log';

type LaneName = Pick<OldLane, 'destination' | 'partition'>;

type Reach = Readonly<Record<string, number>>;

const KEY = 'reach';

/** The cursors of lanes in the state. */
async function cursorsOf(state: Pick<State, 'stats'>): Promise<Reach> {
  return Object.fromEntries((await state.stats()).map((one) => [nameOf(one), one.cursor]));
}

/** A lane of the first partition has the name of its destination, as before partitions existed. */
function nameOf({ destination, partition = 0 }: LaneName): string {
  return partition === 0 ? destination : JSON.stringify([destination, partition]);
}

function laneOf(name: string): LaneName {
  if (!name.startsWith('[')) return { destination: name };
  const [destination, partition] = JSON.parse(name) as readonly [string, number];
  return { destination, partition };
}

/**
 * Records the cursors of lanes in the log. Cursors never go back, so a state behind this record is an older one, restored or
 * copied incompletely.
 */
export async function noteReach(log: Pick<Log, 'get' | 'set'>, state: Pick<State, 'stats'>): Promise<void> {
  const text = JSON.stringify(await cursorsOf(state));
  if ((await log.get(KEY)) !== text) await log.set(KEY, text);
}

/** How often cursors are recorded, in milliseconds: what an older state may lack without detection. */
const EVERY = 10_000;

/** Records the cursors of lanes periodically, and at the end. */
export function keepReach(input: {
  readonly log: Pick<Log, 'get' | 'set'>;
  readonly state: Pick<State, 'stats'>;
  /** Whether recording is paused until an operator decides: the next start must ask again. */
  readonly held: () => boolean;
}): { note(): Promise<void>; stop(): Promise<void> } {
  const note = async (): Promise<void> => {
    try {
      if (!input.held()) await noteReach(input.log, input.state);
    } catch {
      // A full disk: recorded later.
    }
  };
  const timer = setInterval(() => void note(), EVERY);
  timer.unref();
  return {
    note,
    async stop() {
      clearInterval(timer);
      await note();
    },
  };
}

/** Returns the lanes of a workspace whose cursors in the state are outdated. */
export async function oldLanes(
  log: Pick<Log, 'get'>,
  state: Pick<State, 'stats'>,
  destinations: readonly string[],
): Promise<readonly OldLane[]> {
  const reach = Object.entries(JSON.parse((await log.get(KEY)) ?? '{}') as Reach);
  const cursors = new Map(Object.entries(await cursorsOf(state)));
  // A lane unknown to the state was added after it: it is at least as far as the others.
  const newest = Math.max(0, ...cursors.values());
  return reach.flatMap(([name, reached]) => {
    const lane = laneOf(name);
    const cursor = cursors.get(name) ?? newest;
    return destinations.includes(lane.destination) && cursor < reached ? [{ ...lane, cursor, reached }] : [];
  });
}
