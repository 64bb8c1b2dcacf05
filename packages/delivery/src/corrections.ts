import type { Log, LoggedEvent } from './stores/log.ts';
import type { CorrectionRow, RetryRow } from './stores/rows.ts';
import type { State } from './stores/state.ts';
import { WHOLE_EVENT } from './work.ts';

/** What names an item. */
type ItemName = Pick<RetryRow, 'destination' | 'seq' | 'mappingId'>;

/** The event that an item is made of; undefined when the log no longer has it. */
export type EventOf = (item: ItemName) => LoggedEvent | undefined;

/** The correction of an item, where a person has made one. */
export type CorrectionOf = (item: ItemName) => CorrectionRow | undefined;

/** What is read to know which event an item is made of. */
export interface EventsInput {
  readonly log: Pick<Log, 'read'>;
  readonly state: Pick<State, 'corrections'>;
}

/** The corrections of items. One of an event as a whole holds for each item that is made of it. */
export async function correctionsOf(
  seqs: readonly number[],
  state: Pick<State, 'corrections'>,
): Promise<CorrectionOf> {
  const rows = await state.corrections(seqs);
  if (rows.length === 0) return () => undefined;
  const known = new Map(rows.map((row) => [nameOf(row), row]));
  return (item) => known.get(nameOf(item)) ?? known.get(nameOf({ ...item, mappingId: WHOLE_EVENT }));
}

/** The events that items are made of: as they arrived, or the copy that a person has corrected for this item. */
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
