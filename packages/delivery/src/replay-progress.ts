import type { ErrorCode } from '@waybill/core';
import type { DeadLetterRow, FinalStatus, OutcomeRow, RetryRow } from './stores/rows.ts';
import type { State } from './stores/state.ts';
import { WHOLE_EVENT } from './work.ts';

/** The number of dead letters per run of the generator: few enough not to delay deliveries. */
const CHUNK = 500;
/** The maximum number of dead letters of a replay that are followed. */
const MOST = 100_000;

/** The number of items of a replay in one state. */
export interface ReplayedCount {
  readonly destination: string;
  readonly mappingId: string;
  /** `waiting` for those that have not ended; `forgotten` where the outcome is no longer stored. */
  readonly status: FinalStatus | 'waiting' | 'forgotten';
  readonly code?: ErrorCode;
  readonly count: number;
}

/** The outcomes of the dead letters of one replay. */
export interface ReplayProgress {
  readonly replayedAt: number;
  readonly deadLetters: number;
  readonly outcomes: readonly ReplayedCount[];
  /** False when not all were followed. */
  readonly complete: boolean;
}

/**
 * Returns the outcomes of the dead letters that were replayed at a time, which identifies them. A generator, so that the caller
 * can do other work in between.
 */
export async function* replayProgress(
  state: Pick<State, 'deadLetters' | 'outcomes' | 'retries'>,
  replayedAt: number,
): AsyncGenerator<void, ReplayProgress> {
  const counts = new Map<string, { -readonly [K in keyof ReplayedCount]: ReplayedCount[K] }>();
  let deadLetters = 0;
  for (let afterId = 0; deadLetters < MOST;) {
    const letters = await state.deadLetters({ replayedAt, afterId, limit: CHUNK, withoutPayload: true });
    const last = letters.at(-1)?.id;
    if (last === undefined) break;
    const seqs = letters.map(({ seq }) => seq);
    const outcomes = bySeq(await state.outcomes(seqs));
    const waiting = bySeq(await state.retries({ seqs }));
    for (const letter of letters) {
      const { destination, mappingId } = letter;
      const now = becameOf(letter, outcomes.get(letter.seq) ?? [], waiting.get(letter.seq) ?? []);
      const key = JSON.stringify([destination, mappingId, now]);
      const known = counts.get(key) ?? { destination, mappingId, ...now, count: 0 };
      known.count += 1;
      counts.set(key, known);
    }
    deadLetters += letters.length;
    afterId = last;
    yield;
  }
  return { replayedAt, deadLetters, outcomes: [...counts.values()], complete: deadLetters < MOST };
}

/** Worst first: an event that was split has several outcomes. */
const WORST = ['rejected', 'skipped', 'delivered'] as const;

function becameOf(
  letter: DeadLetterRow,
  outcomes: readonly OutcomeRow[],
  waiting: readonly RetryRow[],
): Pick<ReplayedCount, 'status' | 'code'> {
  const isOf = (row: Pick<OutcomeRow, 'destination' | 'mappingId'>): boolean =>
    row.destination === letter.destination &&
    (letter.mappingId === WHOLE_EVENT || row.mappingId === letter.mappingId);
  if (waiting.some(isOf)) return { status: 'waiting' };
  const own = outcomes.filter(isOf);
  const worst = own.toSorted((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status))[0];
  if (worst === undefined) return { status: 'forgotten' };
  const { status, code } = worst;
  return code === undefined ? { status } : { status, code };
}

function bySeq<T extends { readonly seq: number }>(rows: readonly T[]): ReadonlyMap<number, readonly T[]> {
  return Map.groupBy(rows, ({ seq }) => seq);
}
