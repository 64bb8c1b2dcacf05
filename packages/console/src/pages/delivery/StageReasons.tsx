import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Overview } from '@waybill/api';
import { errorEntry } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useRefusals } from '../../refusals.ts';
import { useClient } from '../../session.tsx';
import { reasonsOf, type StageReason } from './stages.ts';

/** The number of reasons shown per destination. */
const MOST = 20;
const SAMPLES = 3;

const STATES = { rejected: 'rejected', retry: 'waiting', skipped: 'skipped' } as const;

/** The unit of each number. */
const COUNTED = {
  rejected: 'delivery.count.items',
  retry: 'delivery.count.attempts',
  skipped: 'delivery.count.items',
} as const;

/** Why items of a destination failed in a period: remedies, and sample events. */
export function StageReasons({
  destination,
  overview,
}: {
  readonly destination: string;
  readonly overview: Overview;
}): ReactNode {
  const t = useTexts();
  const reasons = reasonsOf(overview.totals, destination).slice(0, MOST);
  if (reasons.length === 0) return null;
  return (
    <details open={reasons.some(({ status }) => status !== 'skipped')}>
      <summary>{t('delivery.reasons')}</summary>
      <ul className={styles['plain']}>
        {reasons.map((one) => (
          <Reason
            key={`${one.status} ${one.code} ${one.mappingId}`}
            destination={destination}
            reason={one}
            overview={overview}
          />
        ))}
      </ul>
    </details>
  );
}

function Reason({
  destination,
  reason,
  overview: { from, to },
}: {
  readonly destination: string;
  readonly reason: StageReason;
  readonly overview: Overview;
}): ReactNode {
  const t = useTexts();
  const { mappingId, status, code, count } = reason;
  const entry = errorEntry(code);
  const told = useRefusals()(code);
  const mapping = mappingId === '' ? {} : { mappingId };
  return (
    <li className={styles['entry']}>
      <div className={styles['row']}>
        <Badge state={STATES[status]}>
          {t(mappingId === '' ? 'delivery.count.events' : COUNTED[status], { count })}
        </Badge>
        <span>{mappingId === '' ? t('delivery.unmatched') : mappingId}</span>
        <code>{code}</code>
      </div>
      {entry !== undefined && (
        <p>
          {told?.message ?? entry.message} <strong>{t('kit.failure.remedy')}:</strong>{' '}
          {told?.remedy ?? entry.remedy}
        </p>
      )}
      <div className={styles['row']}>
        {status === 'rejected' && (
          <Link to="/dead-letters" search={{ destination, code, from, to, ...mapping }}>
            {t('delivery.deadLetters')}
          </Link>
        )}
        {status === 'retry' ? (
          <Link to="/delivery" search={{ code }}>
            {t('delivery.waits')}
          </Link>
        ) : (
          <Samples query={{ destination, outcome: status, code, from, to, ...mapping }} />
        )}
      </div>
    </li>
  );
}

/** A few of the events, loaded on demand. */
function Samples({
  query,
}: {
  readonly query: {
    readonly destination: string;
    readonly outcome: 'rejected' | 'skipped';
    readonly code: string;
    readonly from: number;
    readonly to: number;
    readonly mappingId?: string;
  };
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const found = useQuery({
    queryKey: ['delivery', 'samples', query],
    queryFn: () => client.get('/api/events', { query: { ...query, limit: SAMPLES } }),
    enabled: isOpen,
  });
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('delivery.samples')}</summary>
      {found.isLoading && <Loading />}
      {found.isError && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.events.length === 0 && <p>{t('delivery.samples.none')}</p>}
      <ul>
        {found.data?.events.map(({ seq, event }) => (
          <li key={seq}>
            <Link to="/events/$messageId" params={{ messageId: event.messageId }}>
              {event.event ?? event.name ?? event.type} · {event.messageId}
            </Link>{' '}
            <Time at={event.receivedAt} />
          </li>
        ))}
      </ul>
    </details>
  );
}
