import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Table } from '../../kit/Table.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Events.module.css';
import { useColumns } from './Rows.tsx';
import type { EventsSearch } from './search.ts';
import { type Events, PAGE, useEvents } from './use-events.ts';

/** The maximum scroll offset in rows that still follows new events. */
export const NEAR_TOP = 8;

/** The live tail of events, with their outcomes; scrolling down pauses it until back at the top. */
export function Tail({
  search,
  label,
  columns: wanted,
  empty,
}: {
  readonly search: EventsSearch;
  readonly label: string;
  /** The IDs of the shown columns; all distinguishing ones when absent. */
  readonly columns?: readonly string[];
  /** Shown while there are none. */
  readonly empty: ReactNode;
}): ReactNode {
  const [away, setAway] = useState(false);
  const events = useEvents(search, !away);
  const all = useColumns();
  const isOfOneSource = search.source !== undefined;
  const columns = useMemo(
    () => all.filter(({ id }) => wanted?.includes(id) ?? (id !== 'source' || !isOfOneSource)),
    [all, wanted, isOfOneSource],
  );
  if (events.error !== null) return <Failure error={events.error} />;
  if (events.rows.length === 0) return events.loading ? <Loading /> : empty;
  return (
    <>
      <Rate events={events} />
      <Following events={events} away={away} />
      <Table
        label={label}
        columns={columns}
        rows={events.rows}
        keyOf={({ seq }) => seq}
        total={-1}
        isNarrow={wanted !== undefined}
        height={320}
        onScroll={(top) => setAway(top > NEAR_TOP)}
      />
    </>
  );
}

/** The polling interval of the rate, in milliseconds. */
const TICK = 5_000;

/** The arrivals of the last minute; a lower bound when not all are kept. */
function Rate({ events: { rows, skipped } }: { readonly events: Events }): ReactNode {
  const t = useTexts();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const since = now - 60_000;
  const oldest = rows.findIndex(
    ({ event, damage }) => damage === undefined && Date.parse(event.receivedAt) < since,
  );
  const count = oldest < 0 ? rows.length : oldest;
  const isLess = skipped > 0 || (oldest < 0 && rows.length >= PAGE);
  return (
    <p className={styles['quiet']}>{t(isLess ? 'events.tail.rateAtLeast' : 'events.tail.rate', { count })}</p>
  );
}

/** The state of the live view, announced to screen readers instead of every event. */
export function Following({
  events: { live, skipped },
  away,
}: {
  readonly events: Events;
  readonly away: boolean;
}): ReactNode {
  const t = useTexts();
  if (live.kind === 'refused') return <Failure error={live.error} />;
  return (
    <p role="status" className={styles['quiet']}>
      {away && t('events.tail.paused')}
      {!away && live.kind === 'connecting' && t('events.tail.connecting')}
      {skipped > 0 && ` ${t('events.tail.skipped', { count: skipped })}`}
    </p>
  );
}
