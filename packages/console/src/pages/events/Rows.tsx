import type { FoundEvent } from '@waybill/api';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import type { Column } from '../../kit/Table.tsx';
import { Time } from '../../kit/Time.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { useTexts } from '../../preferences.ts';
import { brief, valueAt } from './columns.ts';
import { columnsOf } from './search.ts';
import styles from './Events.module.css';

/** The columns of the list: standard ones, and custom ones by path. */
export function useColumns(columns?: string): readonly Column<FoundEvent>[] {
  const t = useTexts();
  return useMemo(() => columnsFor(columnsOf(columns), t), [columns, t]);
}

function columnsFor(own: readonly string[], t: Translate): readonly Column<FoundEvent>[] {
  return [
    {
      id: 'time',
      label: t('events.column.time'),
      width: '8.5rem',
      cell: ({ event, damage }) => (damage === undefined ? <Time at={event.receivedAt} /> : null),
    },
    {
      id: 'name',
      label: t('events.column.name'),
      width: 'minmax(10rem, 2fr)',
      cell: ({ event, damage }) =>
        damage === undefined ? (
          <Link to="/events/$messageId" params={{ messageId: event.messageId }}>
            {event.event ?? event.name ?? event.type}
          </Link>
        ) : (
          t('events.damaged')
        ),
    },
    {
      id: 'outcomes',
      label: t('events.column.outcomes'),
      width: 'minmax(15rem, 1.5fr)',
      cell: ({ outcomes = [] }) => <Outcomes outcomes={outcomes} />,
    },
    {
      id: 'type',
      label: t('events.column.type'),
      width: '5rem',
      cell: ({ event, damage }) => (damage === undefined ? event.type : ''),
    },
    {
      id: 'source',
      label: t('events.column.source'),
      width: '7rem',
      cell: ({ sourceId }) => sourceId,
    },
    {
      id: 'user',
      label: t('events.column.user'),
      width: 'minmax(7rem, 1fr)',
      cell: ({ event }) => event.userId ?? event.anonymousId ?? '',
    },
    ...own.map((path) => ({
      id: `own ${path}`,
      label: path,
      width: 'minmax(7rem, 1fr)',
      cell: ({ event }: FoundEvent) => brief(valueAt(event, path)),
    })),
  ];
}

const ORDER = ['rejected', 'waiting', 'delivered', 'skipped'] as const;

/** The outcomes of an event: each state once, with its number of mappings. */
function Outcomes({ outcomes }: { readonly outcomes: NonNullable<FoundEvent['outcomes']> }): ReactNode {
  const t = useTexts();
  if (outcomes.length === 0) return <span className={styles['quiet']}>{t('events.noOutcome')}</span>;
  return (
    <span className={styles['outcomes']}>
      {ORDER.map((state) => {
        const own = outcomes.filter(({ status }) => status === state);
        if (own.length === 0) return null;
        const where = own.map(({ destination, mappingId, code = '' }) =>
          [destination, mappingId, code].filter((part) => part !== '').join(' '),
        );
        return (
          <span key={state} title={where.join('\n')}>
            <Badge state={state}>
              {own.length === 1 ? undefined : `${t(`kit.state.${state}`)} ×${own.length}`}
            </Badge>
          </span>
        );
      })}
    </span>
  );
}
