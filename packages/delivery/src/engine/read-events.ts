import type { Log, LoggedEvent } from '../stores/log.ts';
import type { GapRow } from '../stores/rows.ts';
import type { Due, Past } from './past.ts';
import { type Chunk, type ChunkStart, isFor, type Prefetch } from './prefetch.ts';
import type { Share } from './share.ts';
import type { LaneContext } from './step.ts';

/** The work of a step. */
export interface Turn extends Chunk {
  /** Whether there was any work, including waiting. */
  readonly hasRead: boolean;
  /** Users with skipped waiting items: possibly more than known at the start of the step. */
  readonly parked: ReadonlySet<string>;
  /** The start of the next chunk, if the last one was full. */
  readonly next: ChunkStart | undefined;
}

/** The inputs of reading. */
export interface ReadInput {
  readonly context: LaneContext;
  readonly past: Past;
  readonly share: Share;
  readonly prefetch: Prefetch;
}

/** The number of historical chunks read in one step in search of live events. */
const MOST_CHUNKS = 8;
/** The number of waiting events at which reading stops. */
const MOST_WAITING = 200_000;

/** Reads up to live events, and fills the step with historical ones. A paused lane processes waiting events first. */
export async function readTurn(
  start: Omit<ChunkStart, 'after'>,
  isHeld: boolean,
  input: ReadInput,
): Promise<Turn> {
  const { context, past, share, prefetch } = input;
  const { log } = context.shared;
  const due: Due = { events: [], prepared: [] };
  const isOwn = (logged: LoggedEvent): boolean => isFor(logged, start);
  const parked = new Set<string>();
  let hasRead = false;
  let isMore = false;
  for (let chunks = 0; due.events.length === 0 && chunks < MOST_CHUNKS; chunks += 1) {
    if (past.size() >= (isHeld ? 1 : MOST_WAITING)) break;
    const chunk = await prefetch.take({ ...start, after: past.ahead() });
    const last = chunk.events.at(-1);
    isMore = chunk.events.length === start.limit;
    if (last === undefined) break;
    hasRead = true;
    const done = await doneOf(chunk.events, input, parked);
    past.enter(chunk, { end: last.through ?? last.seq, isFor: isOwn, done, due });
    if (!isMore) break;
  }
  const live = due.events.length;
  past.take(Math.min(start.limit, share.beside(live, isMore && live > 0)), due);
  // A paused lane does not know what it will process next.
  const goesOn = isMore && !isHeld;
  const next = goesOn ? { ...start, after: past.ahead() } : undefined;
  return {
    ...(await prefetch.complete(await readWaited(due, log), { ...start, after: 0 })),
    hasRead: hasRead || due.events.length > 0,
    parked,
    next,
  };
}

/** The due events including waiting ones; those that the log no longer has are left out. */
async function readWaited({ events, prepared }: Due, log: Pick<Log, 'read'>): Promise<Chunk> {
  const waited = events.filter((one) => typeof one === 'number').sort((a, b) => a - b);
  if (waited.length === 0) return { events: events as LoggedEvent[], prepared };
  const read = new Map((await log.read({ seqs: waited })).map((logged) => [logged.seq, logged]));
  const found: { events: LoggedEvent[]; prepared: Due['prepared'] } = { events: [], prepared: [] };
  for (const [at, one] of events.entries()) {
    const logged = typeof one === 'number' ? read.get(one) : one;
    if (logged === undefined) continue;
    found.events.push(logged);
    found.prepared.push(prepared[at]);
  }
  return found;
}

/** Positions after the cursor that an earlier holder processed. Records the users of waiting items. */
async function doneOf(
  events: readonly LoggedEvent[],
  { context: { key, shared }, past }: Pick<ReadInput, 'context' | 'past'>,
  parked: Set<string>,
): Promise<ReadonlySet<number>> {
  const [first] = events;
  if (first === undefined || !past.isKnownAfter(first.seq - 1)) return NONE;
  const seqs = events.map(({ seq }) => seq);
  const isOwn = ({ destination }: { readonly destination: string }): boolean =>
    destination === key.destination;
  // Sequentially: a row that ends meanwhile then has an outcome.
  const retries = (await shared.state.retries({ seqs })).filter(isOwn);
  const outcomes = (await shared.state.outcomes(seqs)).filter(isOwn);
  // An engine that has lost the lane without knowing reads rows of the new holder.
  for (const { user } of retries) parked.add(user);
  return new Set([...retries, ...outcomes].map(({ seq }) => seq));
}

const NONE: ReadonlySet<number> = new Set();

/** The events that a lane gave up, and their end. */
export interface Left {
  readonly gaps: readonly GapRow[];
  readonly through: number;
}

/** The number of events given up at once where each is listed. */
const MOST_LEFT = 5_000;

/**
 * Removes the remaining events of a lane up to a position, and returns them as stretches; with several partitions, in parts.
 */
export async function leftUpTo(
  through: number,
  gap: Pick<GapRow, 'destination' | 'code' | 'at'>,
  input: Pick<ReadInput, 'context' | 'past'>,
): Promise<Left> {
  const { context, past } = input;
  if (context.shared.partitions > 1) return leftAmongOthers(through, gap, input);
  const done: number[] = [];
  const from = past.ahead() + 1;
  for (let after = past.ahead(); after < through && past.isKnownAfter(after);) {
    const events = await readAfter(after, context);
    const last = events.at(-1);
    if (last === undefined) break;
    done.push(...(await doneOf(events, input, new Set())));
    after = last.through ?? last.seq;
  }
  const gaps: GapRow[] = past.leave(through).map((seq) => ({ ...gap, seq, through: seq }));
  let seq = from;
  for (const one of [...done.filter((at) => at <= through).sort((a, b) => a - b), through + 1]) {
    if (one > seq) gaps.push({ ...gap, seq, through: one - 1 });
    seq = one + 1;
  }
  return { gaps: joined(gaps), through };
}

/** Positions of other partitions lie between those of one partition: each is listed. */
async function leftAmongOthers(
  wanted: number,
  gap: Pick<GapRow, 'destination' | 'code' | 'at'>,
  { context, past }: Pick<ReadInput, 'context' | 'past'>,
): Promise<Left> {
  const left: number[] = [];
  let through = wanted;
  for (let after = past.ahead(); after < wanted;) {
    const events = (await readAfter(after, context)).filter(({ seq }) => seq <= wanted);
    const last = events.at(-1);
    if (last === undefined) break;
    const done = await doneOf(events, { context, past }, new Set());
    left.push(...events.flatMap(({ seq }) => (done.has(seq) ? [] : [seq])));
    after = last.seq;
    if (left.length < MOST_LEFT) continue;
    through = after;
    break;
  }
  const gaps = [...past.leave(through), ...left].map((seq) => ({ ...gap, seq, through: seq }));
  return { gaps: joined(gaps), through };
}

function readAfter(after: number, { key, shared }: LaneContext): Promise<readonly LoggedEvent[]> {
  const { events: limit, bytes: maxBytes } = shared.limits;
  return shared.log.read({ after, limit, maxBytes, partition: key.partition });
}

/** Merges adjacent stretches. */
function joined(gaps: readonly GapRow[]): readonly GapRow[] {
  const found: GapRow[] = [];
  for (const gap of gaps) {
    const last = found.at(-1);
    if (last?.through === gap.seq - 1) found[found.length - 1] = { ...last, through: gap.through };
    else found.push(gap);
  }
  return found;
}
