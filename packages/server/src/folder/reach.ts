import type { Log, State } from '@waybill/delivery';

/** A lane whose place in the state is behind the place that it had reached by the log's account. */
export interface OldLane {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  /** Where the state would have it go on. */
  readonly cursor: number;
  /** Where it had got to. */
  readonly reached: number;
}

/** From where lanes go on that the state has too far back: as the state says, which sends again, or as the log says. */
export type GoOn = 'state' | 'log';

type LaneName = Pick<OldLane, 'destination' | 'partition'>;

type Reach = Readonly<Record<string, number>>;

const KEY = 'reach';

/** Where lanes are, by the state. */
async function cursorsOf(state: Pick<State, 'stats'>): Promise<Reach> {
  return Object.fromEntries((await state.stats()).map((one) => [nameOf(one), one.cursor]));
}

/** A lane of the first partition has the name of its destination, as all had before there were others. */
function nameOf({ destination, partition = 0 }: LaneName): string {
  return partition === 0 ? destination : JSON.stringify([destination, partition]);
}

function laneOf(name: string): LaneName {
  if (!name.startsWith('[')) return { destination: name };
  const [destination, partition] = JSON.parse(name) as readonly [string, number];
  return { destination, partition };
}

/**
 * Notes in the log where the lanes of a state are. A cursor never goes back by itself, so a state that is behind this note
 * is an older one, put back or copied without its newest part.
 */
export async function noteReach(log: Pick<Log, 'get' | 'set'>, state: Pick<State, 'stats'>): Promise<void> {
  const text = JSON.stringify(await cursorsOf(state));
  if ((await log.get(KEY)) !== text) await log.set(KEY, text);
}

/** How often the places of lanes are noted, in milliseconds: what an older state may lack without being noticed. */
const EVERY = 10_000;

/** Notes the places of lanes now and then, and at the end. */
export function keepReach(input: {
  readonly log: Pick<Log, 'get' | 'set'>;
  readonly state: Pick<State, 'stats'>;
  /** Nothing is noted while a person has not decided yet: the next start must ask again. */
  readonly held: () => boolean;
}): { note(): Promise<void>; stop(): Promise<void> } {
  const note = async (): Promise<void> => {
    try {
      if (!input.held()) await noteReach(input.log, input.state);
    } catch {
      // A full disk: noted later.
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

/** The lanes of a workspace that a state has further back than they were. */
export async function oldLanes(
  log: Pick<Log, 'get'>,
  state: Pick<State, 'stats'>,
  destinations: readonly string[],
): Promise<readonly OldLane[]> {
  const reach = Object.entries(JSON.parse((await log.get(KEY)) ?? '{}') as Reach);
  const cursors = new Map(Object.entries(await cursorsOf(state)));
  // A lane that the state does not know began after it: it had seen no less than the others.
  const newest = Math.max(0, ...cursors.values());
  return reach.flatMap(([name, reached]) => {
    const lane = laneOf(name);
    const cursor = cursors.get(name) ?? newest;
    return destinations.includes(lane.destination) && cursor < reached ? [{ ...lane, cursor, reached }] : [];
  });
}
