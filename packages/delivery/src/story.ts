import { errorEntry, type ErrorCode, type Event } from '@waybill/core';
import { correctionsOf } from './corrections.ts';
import type { Log } from './stores/log.ts';
import type { DeadLetterRow, ExchangeRow, FinalStatus, OutcomeRow } from './stores/rows.ts';
import type { State } from './stores/state.ts';

/** The outcome of an event for one mapping of a destination. */
export interface StoryStep {
  readonly destination: string;
  /** Empty when no mapping of the destination matched. */
  readonly mappingId: string;
  /** The version of the mapping; absent while it waits, because the mapping at the time of sending applies. */
  readonly mappingVersion?: number;
  /** `waiting` for an item that will be attempted or retried. */
  readonly status: FinalStatus | 'waiting';
  readonly attempts: number;
  /** Epoch milliseconds of the outcome; absent while it waits. */
  readonly at?: number;
  /** Epoch milliseconds from which a waiting item may be tried. */
  readonly dueAt?: number;
  readonly firstFailedAt?: number;
  readonly code?: ErrorCode;
  readonly message?: string;
  readonly remedy?: string;
  readonly field?: string;
  readonly deadLetterId?: number;
  /** The payload, for a dead letter. */
  readonly payload?: unknown;
  /** Set when the payload was too large to be stored whole. */
  readonly payloadCut?: boolean;
  readonly exchanges: readonly ExchangeRow[];
  /** The corrected copy of the event that this item is built from. */
  readonly correction?: { readonly event: Event; readonly at: number };
}

/** An event and all its outcomes. */
export interface Story {
  readonly seq: number;
  readonly messageId: string;
  readonly sourceId: string;
  readonly receivedAt: string;
  readonly event: Event;
  readonly steps: readonly StoryStep[];
}

/** The stores that a story is read from. */
type Reads = 'outcomes' | 'retries' | 'deadLetters' | 'exchanges' | 'corrections';

/** Returns the stories of all events with this messageId, one per source; empty when the log has none. */
export async function storyOf(
  messageId: string,
  log: Pick<Log, 'read'>,
  state: Pick<State, Reads>,
): Promise<readonly Story[]> {
  const events = await log.read({ messageId });
  return Promise.all(
    events.map(async ({ seq, sourceId, event }) => ({
      seq,
      messageId,
      sourceId,
      receivedAt: event.receivedAt,
      event,
      steps: await stepsOf(seq, state),
    })),
  );
}

async function stepsOf(seq: number, state: Pick<State, Reads>): Promise<readonly StoryStep[]> {
  const correctionOf = await correctionsOf([seq], state);
  const corrected = (
    row: Pick<OutcomeRow, 'destination' | 'seq' | 'mappingId'>,
  ): Pick<StoryStep, 'correction'> => {
    const found = correctionOf(row);
    return found === undefined ? {} : { correction: { event: found.event, at: found.at } };
  };
  const letters = new Map<string, DeadLetterRow>();
  for (const row of await state.deadLetters({ seq })) letters.set(`${row.destination} ${row.mappingId}`, row);
  const ended = (await state.outcomes([seq])).map(async (row): Promise<StoryStep> => {
    const letter = row.status === 'rejected' ? letters.get(`${row.destination} ${row.mappingId}`) : undefined;
    const exchangeIds = letter?.exchangeIds ?? (row.exchangeId === undefined ? [] : [row.exchangeId]);
    return {
      destination: row.destination,
      mappingId: row.mappingId,
      ...(row.mappingVersion === undefined ? {} : { mappingVersion: row.mappingVersion }),
      status: row.status,
      attempts: row.attempts,
      at: row.at,
      ...reason(row.code, row.message),
      ...(row.field === undefined ? {} : { field: row.field }),
      ...(letter?.id === undefined ? {} : { deadLetterId: letter.id }),
      ...(letter?.payload === undefined ? {} : { payload: letter.payload }),
      ...(letter?.payloadCut === undefined ? {} : { payloadCut: true }),
      exchanges: await state.exchanges(exchangeIds),
      ...corrected(row),
    };
  });
  const waiting = (await state.retries({ seqs: [seq] })).map(async (row): Promise<StoryStep> => ({
    destination: row.destination,
    mappingId: row.mappingId,
    status: 'waiting',
    attempts: row.attempts,
    dueAt: row.dueAt,
    ...(row.firstFailedAt === undefined ? {} : { firstFailedAt: row.firstFailedAt }),
    ...reason(row.code, row.message),
    exchanges: row.exchangeId === undefined ? [] : await state.exchanges([row.exchangeId]),
    ...corrected(row),
  }));
  return Promise.all([...ended, ...waiting]);
}

/** Returns reason and remedy; the registry's own messages are not stored with the row. */
function reason(
  code: ErrorCode | undefined,
  message: string | undefined,
): Pick<StoryStep, 'code' | 'message' | 'remedy'> {
  const entry = code === undefined ? undefined : errorEntry(code);
  const said = message ?? entry?.message;
  return {
    ...(code === undefined ? {} : { code }),
    ...(said === undefined ? {} : { message: said }),
    ...(entry === undefined ? {} : { remedy: entry.remedy }),
  };
}
