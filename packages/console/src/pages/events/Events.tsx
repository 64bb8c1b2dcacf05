import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { memo, type ReactNode, useCallback, useMemo, useState } from 'react';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { Table } from '../../kit/Table.tsx';
import { useTexts } from '../../preferences.ts';
import { canFollow } from './as-trigger.ts';
import styles from './Events.module.css';
import { type Change, Chips, Filters } from './Filters.tsx';
import { Histogram } from './Histogram.tsx';
import { useColumns } from './Rows.tsx';
import { type EventsSearch, isNarrow, readSearch } from './search.ts';
import { mistakeOf, SearchForm } from './SearchForm.tsx';
import { Summary } from './Summary.tsx';
import { Following, NEAR_TOP } from './Tail.tsx';
import { Tools } from './Tools.tsx';
import { type Events, useEvents } from './use-events.ts';

/** The distance from the end, in rows, at which more are loaded. */
const NEAR_END = 60;

/** The events page: search by trigger, filters and outcomes; live tail. */
export default function EventsPage(): ReactNode {
  const t = useTexts();
  const navigate = useNavigate();
  const given = useSearch({ strict: false });
  const search = useMemo(() => readSearch(given), [given]);
  const [away, setAway] = useState(false);
  const follow = search.tail === true && canFollow(search);
  const events = useEvents(search, follow && !away);
  const columns = useColumns(search.columns);
  const open = useCallback(
    (next: EventsSearch): void => void navigate({ to: '/events', search: { ...next } }),
    [navigate],
  );
  const change: Change = useCallback(
    (changes) => {
      const members = Object.entries({ ...search, ...changes });
      open(
        Object.fromEntries(
          members.filter(([, value]) => value !== undefined && value !== '' && value !== false),
        ),
      );
    },
    [search, open],
  );
  return (
    <>
      <header className={styles['head']}>
        <h1>{t('events.title')}</h1>
        <Switch
          label={t('events.tail')}
          checked={follow}
          disabled={!canFollow(search)}
          onChange={(tail) => change({ tail })}
        />
      </header>
      <Narrowed search={search} error={events.error} onChange={change} />
      <Tools search={search} rows={events.rows} onChange={change} onOpen={open} />
      {events.error !== null && mistakeOf(events.error) === undefined && <Failure error={events.error} />}
      <Histogram search={search} onSelect={change} />
      {follow ? <Following events={events} away={away} /> : null}
      {events.rows.length > 0 ? (
        <Table
          label={t('events.table')}
          columns={columns}
          rows={events.rows}
          keyOf={({ seq }) => seq}
          total={events.complete ? events.rows.length : -1}
          height={600}
          onScroll={(top) => {
            setAway(top > NEAR_TOP);
            const isNearEnd = top > events.rows.length - NEAR_END;
            if (isNearEnd && !events.loading && !events.complete && !events.full) events.goOn();
          }}
        />
      ) : (
        events.error === null && <Nothing search={search} events={events} />
      )}
      <Summary events={events} />
    </>
  );
}

/** The search form, memoised against new events. */
const Narrowed = memo(function Narrowed({
  search,
  error,
  onChange,
}: {
  readonly search: EventsSearch;
  readonly error: Error | null;
  readonly onChange: Change;
}): ReactNode {
  return (
    <>
      <SearchForm where={search.where ?? ''} error={error} onSearch={(where) => onChange({ where })} />
      <Filters search={search} onChange={onChange} />
      <Chips search={search} onChange={onChange} />
    </>
  );
});

/** Why the list is empty: not loaded, no match, or no events. */
function Nothing({ search, events }: { readonly search: EventsSearch; readonly events: Events }): ReactNode {
  const t = useTexts();
  if (events.loading) return <p role="status">{t('events.loading')}</p>;
  if (isNarrow(search)) return <Empty title={t('events.noMatch')}>{t('events.noMatch.hint')}</Empty>;
  return (
    <Empty title={t('events.none')}>
      <p>{t('events.none.hint')}</p>
      <Link to="/sources">{t('events.none.action')}</Link>
    </Empty>
  );
}
