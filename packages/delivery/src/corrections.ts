import type { Log, LoggedEvent } from './stores/log.ts';
import type { CorrectionRow, RetryRow } from './stores/rows.ts';
import type { State } from './stores/state.ts';
import { WHOLE_EVENT } from './work.ts';

/** The identity of an item. */
type ItemName = Pick<RetryRow, 'destination' | 'seq' | 'mappingId'>;

/** Returns the event of an item; undefined when the log no longer has it. */
export type EventOf = (item: ItemName) => LoggedEvent | undefined;

/** Returns the correction of an item, if there is one. */
export type CorrectionOf = (item: ItemName) => CorrectionRow | undefined;

/** What is read to find the event of an item. */
export interface EventsInput {
  readonly log: Pick<Log, 'read'>;
  readonly state: Pick<State, 'corrections'>;
}

/** Returns the corrections of items. A correction of a whole event applies to each of its items. */
export async function correctionsOf(
  seqs: readonly number[],
  state: Pick<State, 'corrections'>,
): Promise<CorrectionOf> {
  const rows = await state.corrections(seqs);
  if (rows.length === 0) return () => undefined;
  const known = new Map(rows.map((row) => [nameOf(row), row]));
  return (item) => known.get(nameOf(item)) ?? known.get(nameOf({ ...item, mappingId: WHOLE_EVENT }));
}

/** Returns the events of items: as they arrived, or their corrected copies. */
export async function eventsOf(items: readonly ItemName[], { log, state }: EventsInput): Promise<EventOf> {
  const seqs = items.map(({ seq }) => seq);
  const events = new Map((await log.read({ seqs })).map((one) => [one.seq, one]));
  const correction = await correctionsOf(seqs, state);
  return (item) => {
    const logged = events.get(item.seq);
    const corrected = logged === undefined ? undefined : correction(item);
    return logged === undefined || corrected === undefined ? logged : { ...logged, event: corrected.event };
  };
}

function nameOf({ destination, seq, mappingId }: ItemName): string {
  return `${seq} ${destination} ${mappingId}`;
}
