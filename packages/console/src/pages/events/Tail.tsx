import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Table } from '../../kit/Table.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Events.module.css';
import { useColumns } from './Rows.tsx';
import type { EventsSearch } from './search.ts';
import { type Events, PAGE, useEvents } from './use-events.ts';

/** Rows that scrolling may be away from the top and still follows new events. */
export const NEAR_TOP = 8;

/** New events as they come, with their outcomes; scrolling down stops that until one is back at the top. */
export function Tail({
  search,
  label,
  columns: wanted,
  empty,
}: {
  readonly search: EventsSearch;
  readonly label: string;
  /** The ids of the columns that are shown; all that tell rows apart when absent. */
  readonly columns?: readonly string[];
  /** What to show as long as there are none. */
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

/** Milliseconds between two polls of how much has arrived lately. */
const TICK = 5_000;

/** How much has arrived in the last minute; at least so much, when not all of it is held. */
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

/** How the live view is; said to screen readers, which are not told of every event. */
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
