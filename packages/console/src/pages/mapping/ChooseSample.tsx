import type { FoundEvent } from '@waybill/api';
import type { Event } from '@waybill/core';
import { type ReactNode, useMemo, useState } from 'react';
import { exampleEvents } from '../../editor/examples.ts';
import { type Fixture, fixtures } from '../../editor/fixtures.ts';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { type Column, Table } from '../../kit/Table.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { mistakeOf, SearchForm } from '../events/SearchForm.tsx';
import { Summary } from '../events/Summary.tsx';
import { useEvents } from '../events/use-events.ts';
import styles from './Mapping.module.css';
import type { Samples } from './use-samples.ts';

const TABS = ['search', 'examples', 'saved'] as const;

/** Selects the sample event from the log, the calls of the spec, and saved events. */
export function ChooseSample({ samples }: { readonly samples: Samples }): ReactNode {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [tab, setTab] = useState<string>('search');
  const close = (): void => setOpen(false);
  const given = (event: Event): void => {
    samples.paste(event);
    close();
  };
  const content = {
    search: (
      <Search
        onTake={(event) => {
          samples.take(event);
          close();
        }}
      />
    ),
    examples: <Examples onTake={given} />,
    saved: <Saved present={samples.event} onTake={given} />,
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('sample.choose')}</Button>
      <Dialog title={t('sample.choose.title')} open={isOpen} onClose={close} dismiss={t('kit.close')} wide>
        {isOpen ? (
          <Tabs
            label={t('sample.from')}
            selected={tab}
            onSelect={setTab}
            items={TABS.map((id) => ({ id, label: t(`sample.${id}`), content: content[id] }))}
          />
        ) : null}
      </Dialog>
    </>
  );
}

interface TakesEvent {
  readonly onTake: (event: Event) => void;
}

/** Searches events of any age, like the page of events. */
function Search({ onTake }: TakesEvent): ReactNode {
  const t = useTexts();
  const [where, setWhere] = useState('');
  const events = useEvents(where === '' ? {} : { where }, false);
  const { error, rows, loading } = events;
  const columns = useMemo(
    (): readonly Column<FoundEvent>[] => [
      {
        id: 'name',
        label: t('events.column.name'),
        width: 'minmax(0, 1.5fr)',
        cell: ({ event, damage }) =>
          damage === undefined ? (
            <button type="button" className={styles['found']} onClick={() => onTake(event)}>
              {event.event ?? event.name ?? event.type}
            </button>
          ) : (
            t('events.damaged')
          ),
      },
      {
        id: 'user',
        label: t('events.column.user'),
        width: 'minmax(4.5rem, 1fr)',
        cell: ({ event }) => event.userId ?? event.anonymousId ?? '',
      },
      {
        id: 'time',
        label: t('events.column.time'),
        width: '6.5rem',
        cell: ({ event, damage }) => (damage === undefined ? <Time at={event.receivedAt} /> : null),
      },
    ],
    [t, onTake],
  );
  return (
    <div className={styles['stack']}>
      <SearchForm where={where} error={error} onSearch={setWhere} />
      {error !== null && mistakeOf(error) === undefined ? <Failure error={error} /> : null}
      {rows.length === 0 && error === null ? (
        <p role="status">{t(loading ? 'events.loading' : where === '' ? 'events.none' : 'events.noMatch')}</p>
      ) : null}
      {rows.length === 0 ? null : (
        <Table
          label={t('sample.found')}
          columns={columns}
          rows={rows}
          keyOf={({ seq }) => seq}
          total={events.complete ? rows.length : -1}
          height={320}
          isNarrow
        />
      )}
      <Summary events={events} />
    </div>
  );
}

/** Calls of the Segment spec. */
function Examples({ onTake }: TakesEvent): ReactNode {
  const t = useTexts();
  const examples = useMemo(() => exampleEvents(Date.now()), []);
  return (
    <div className={styles['stack']}>
      <p>{t('sample.examples.about')}</p>
      <ul className={styles['plain']} aria-label={t('sample.examples')}>
        {examples.map((event) => (
          <li key={event.messageId}>
            <button type="button" className={styles['found']} onClick={() => onTake(event)}>
              {event.event ?? event.type}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The saved events in this browser, and saving the current one. */
function Saved({
  present,
  onTake,
}: TakesEvent & {
  /** The current sample event. */
  readonly present: Event | undefined;
}): ReactNode {
  const t = useTexts();
  const [saved, setSaved] = useState(() => fixtures.all(localStorage));
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const [removed, setRemoved] = useState<Fixture>();
  const keep = (one: Fixture): void => {
    fixtures.keep(localStorage, one);
    setSaved(fixtures.all(localStorage));
  };
  const save = (event: Event): void => {
    try {
      keep({ name: name.trim(), event });
      setName('');
      setProblem(undefined);
    } catch {
      setProblem(t('sample.saved.full'));
    }
  };
  const remove = (one: Fixture): void => {
    fixtures.forget(localStorage, one.name);
    setSaved(fixtures.all(localStorage));
    setRemoved(one);
  };
  return (
    <div className={styles['stack']}>
      <p>{t('sample.saved.about')}</p>
      {saved.length === 0 ? <p>{t('sample.saved.none')}</p> : null}
      <ul className={styles['plain']} aria-label={t('sample.saved')}>
        {saved.map((one) => (
          <li key={one.name} className={styles['line']}>
            <button type="button" className={styles['found']} onClick={() => onTake(one.event)}>
              {one.name}
            </button>
            <span className={styles['muted']}>{one.event.event ?? one.event.type}</span>
            <span className={styles['actions']}>
              <Button
                look="quiet"
                aria-label={t('sample.saved.remove', { name: one.name })}
                onClick={() => remove(one)}
              >
                ×
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <div role="status" className={styles['line']}>
        {removed === undefined ? null : (
          <>
            <span>{t('sample.saved.removed', { name: removed.name })}</span>
            <Button
              onClick={() => {
                keep(removed);
                setRemoved(undefined);
              }}
            >
              {t('kit.undo')}
            </Button>
          </>
        )}
      </div>
      {present === undefined ? null : (
        <form
          className={styles['adds']}
          onSubmit={(submitted) => {
            submitted.preventDefault();
            if (name.trim() !== '') save(present);
          }}
        >
          <TextField label={t('sample.saved.name')} value={name} problem={problem} onChange={setName} />
          <Button type="submit" disabled={name.trim() === ''}>
            {t('sample.saved.save')}
          </Button>
        </form>
      )}
    </div>
  );
}
