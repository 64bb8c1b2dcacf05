import type { State } from '@waybill/delivery';
import type { Difference, OrderEvent } from './facts.ts';

/** The outcome of an event at the destination. */
export interface StoryOutcome {
  readonly destination: string;
  readonly mappingId: string;
  /** `waiting` for an item that will be attempted or retried. */
  readonly status: string;
  readonly code?: string;
  readonly deadLetterId?: number;
}

/** An event of an order, with its outcomes. */
export interface StoryEvent extends OrderEvent {
  readonly outcomes: readonly StoryOutcome[];
}

/** A difference with its story. */
export interface ToldDifference extends Omit<Difference, 'events'> {
  readonly events: readonly StoryEvent[];
}

/** The number of events per read of outcomes. */
const CHUNK = 500;

/** Adds the outcomes of the events of its order to each difference. */
export async function withStories(
  differences: readonly Difference[],
  state: Pick<State, 'outcomes' | 'retries' | 'deadLetters'>,
): Promise<readonly ToldDifference[]> {
  const seqs = differences.flatMap(({ events }) => events.map(({ seq }) => seq));
  const outcomes = new Map<number, StoryOutcome[]>();
  for (let at = 0; at < seqs.length; at += CHUNK) {
    const some = seqs.slice(at, at + CHUNK);
    const waiting = (await state.retries({ seqs: some })).map((row) => ({ ...row, status: 'waiting' }));
    for (const row of [...(await state.outcomes(some)), ...waiting]) {
      // Events without a mapping say nothing about the order.
      if (row.mappingId === '') continue;
      const { seq, destination, mappingId, status, code } = row;
      const letter = status === 'rejected' ? await letterOf(row, state) : undefined;
      const own = outcomes.get(seq) ?? [];
      outcomes.set(seq, own);
      own.push({
        destination,
        mappingId,
        status,
        ...(code === undefined ? {} : { code }),
        ...(letter === undefined ? {} : { deadLetterId: letter }),
      });
    }
  }
  return differences.map(({ events, ...difference }) => ({
    ...difference,
    events: events.map((event) => ({ ...event, outcomes: outcomes.get(event.seq) ?? [] })),
  }));
}

async function letterOf(
  {
    seq,
    destination,
    mappingId,
  }: { readonly seq: number; readonly destination: string; readonly mappingId: string },
  state: Pick<State, 'deadLetters'>,
): Promise<number | undefined> {
  const [letter] = await state.deadLetters({ seq, destination, mappingId, limit: 1, withoutPayload: true });
  return letter?.id;
}
