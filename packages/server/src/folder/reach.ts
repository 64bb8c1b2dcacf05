import type { EventLog, StateStore } from '@waybill/delivery';

/** A lane whose place in the state is behind the place that it had reached by the log's account. */
export interface OldLane {
  readonly destination: string;
  /** Where the state would have it go on. */
  readonly cursor: number;
  /** Where it had got to. */
  readonly reached: number;
}

/** From where lanes go on that the state has too far back: as the state says, which sends again, or as the log says. */
export type GoOn = 'state' | 'log';

type Reach = Readonly<Record<string, number>>;

const KEY = 'reach';

/** Where lanes are, by the state. */
function cursorsOf(state: Pick<StateStore, 'stats'>): Reach {
  return Object.fromEntries(state.stats().map(({ destination, cursor }) => [destination, cursor]));
}

/**
 * Notes in the log where the lanes of a state are. A cursor never goes back by itself, so a state that is behind this note
 * is an older one, put back or copied without its newest part.
 */
export function noteReach(log: Pick<EventLog, 'get' | 'set'>, state: Pick<StateStore, 'stats'>): void {
  const text = JSON.stringify(cursorsOf(state));
  if (log.get(KEY) !== text) log.set(KEY, text);
}

/** How often the places of lanes are noted, in milliseconds: what an older state may lack without being noticed. */
const EVERY = 10_000;

/** Notes the places of lanes now and then, and at the end. */
export function keepReach(input: {
  readonly log: Pick<EventLog, 'get' | 'set'>;
  readonly state: Pick<StateStore, 'stats'>;
  /** Nothing is noted while a person has not decided yet: the next start must ask again. */
  readonly held: () => boolean;
}): { note(): void; stop(): void } {
  const note = (): void => {
    try {
      if (!input.held()) noteReach(input.log, input.state);
    } catch {
      // A full disk: noted later.
    }
  };
  const timer = setInterval(note, EVERY);
  timer.unref();
  return {
    note,
    stop() {
      clearInterval(timer);
      note();
    },
  };
}

/** The lanes of a workspace that a state has further back than they were. */
export function oldLanes(
  log: Pick<EventLog, 'get'>,
  state: Pick<StateStore, 'stats'>,
  destinations: readonly string[],
): readonly OldLane[] {
  const reach = new Map(Object.entries(JSON.parse(log.get(KEY) ?? '{}') as Reach));
  const cursors = new Map(Object.entries(cursorsOf(state)));
  // A lane that the state does not know began after it: it had seen no less than the others.
  const newest = Math.max(0, ...cursors.values());
  return destinations.flatMap((destination) => {
    const reached = reach.get(destination) ?? 0;
    const cursor = cursors.get(destination) ?? newest;
    return cursor < reached ? [{ destination, cursor, reached }] : [];
  });
}
