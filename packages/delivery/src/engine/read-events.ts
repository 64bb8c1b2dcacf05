import type { Log, LoggedEvent } from '../stores/log.ts';
import type { GapRow } from '../stores/rows.ts';
import type { Due, Past } from './past.ts';
import { type Chunk, type ChunkStart, isFor, type Prefetch } from './prefetch.ts';
import type { Share } from './share.ts';
import type { LaneContext } from './step.ts';

/** What a step has to do. */
export interface Turn extends Chunk {
  /** Whether there was anything, be it only to wait. */
  readonly hasRead: boolean;
  /** Users of whom something waits that was skipped: they may be more than those that were known when the step began. */
  readonly parked: ReadonlySet<string>;
  /** Where the next chunk begins, when the last one that was read was whole. */
  readonly next: ChunkStart | undefined;
}

/** What reading takes. */
export interface ReadInput {
  readonly context: LaneContext;
  readonly past: Past;
  readonly share: Share;
  readonly prefetch: Prefetch;
}

/** Chunks of the past that are read on in one go, in search of live events. */
const MOST_CHUNKS = 8;
/** Events that wait, from which on no more are read. */
const MOST_WAITING = 200_000;

/** Reads on to live events, and fills the step with some of the past. A lane that holds does what has waited first. */
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
  // A lane that holds does not know what it will take next.
  const goesOn = isMore && !isHeld;
  const next = goesOn ? { ...start, after: past.ahead() } : undefined;
  return {
    ...(await prefetch.complete(await readWaited(due, log), { ...start, after: 0 })),
    hasRead: hasRead || due.events.length > 0,
    parked,
    next,
  };
}

/** What is due, with the events that have waited; those that the log no longer has are left out. */
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

/** Positions of which something has become: those behind the cursor that an earlier holder had dealt with. Notes whose items wait. */
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
  // One after the other: a row that ends meanwhile has an outcome then.
  const retries = (await shared.state.retries({ seqs })).filter(isOwn);
  const outcomes = (await shared.state.outcomes(seqs)).filter(isOwn);
  // Whoever has lost the lane without knowing reads what its new holder has parked.
  for (const { user } of retries) parked.add(user);
  return new Set([...retries, ...outcomes].map(({ seq }) => seq));
}

const NONE: ReadonlySet<number> = new Set();

/** What a lane has given up, and up to where. */
export interface Left {
  readonly gaps: readonly GapRow[];
  readonly through: number;
}

/** Events that are given up in one go where each is named. */
const MOST_LEFT = 5_000;

/** Takes out of a lane what is left up to a position, and gives it as stretches; over one of several partitions, a part of it at a time. */
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

/** Between the positions of one partition stand those of others, which are not given up with them: each is named. */
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

/** Stretches that follow each other as one. */
function joined(gaps: readonly GapRow[]): readonly GapRow[] {
  const found: GapRow[] = [];
  for (const gap of gaps) {
    const last = found.at(-1);
    if (last?.through === gap.seq - 1) found[found.length - 1] = { ...last, through: gap.through };
    else found.push(gap);
  }
  return found;
}
