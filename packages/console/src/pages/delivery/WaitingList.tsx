import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WaitingItem } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Failure } from '../../kit/Failure.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** The filter of the list. */
export interface WaitingFilter {
  readonly code?: string;
  readonly user?: string;
}

/** The waiting items: the first of each user, or all of one user, with their due times. */
export function WaitingList({ filter: { code, user } }: { readonly filter: WaitingFilter }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const waiting = useQuery({
    queryKey: ['waiting', user],
    queryFn: () => client.get('/api/waiting', { query: user === undefined ? {} : { user } }),
    refetchInterval: 5_000,
  });
  const rows = waiting.data?.filter((row) => code === undefined || row.code === code);
  const isNarrow = code !== undefined || user !== undefined;
  return (
    <section aria-label={t('delivery.list')} className={styles['card']}>
      <h2>{t('delivery.list')}</h2>
      {isNarrow && (
        <p className={styles['row']}>
          {user !== undefined && <code className={styles['chip']}>user = {user}</code>}
          {code !== undefined && <code className={styles['chip']}>code = {code}</code>}
          <Link to="/delivery">{t('delivery.list.all')}</Link>
        </p>
      )}
      {waiting.isError && <Failure error={waiting.error} onRetry={() => void waiting.refetch()} />}
      {rows?.length === 0 && <p>{t(isNarrow ? 'delivery.list.noMatch' : 'delivery.list.none')}</p>}
      {rows !== undefined && rows.length > 0 && (
        <>
          <p className={styles['muted']}>
            {t(user === undefined ? 'delivery.list.hint' : 'delivery.list.user')}
          </p>
          <WaitingTable rows={rows} />
        </>
      )}
    </section>
  );
}

function WaitingTable({ rows }: { readonly rows: readonly WaitingItem[] }): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={t('delivery.waiting')}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('delivery.due')}</th>
            <th scope="col">{t('delivery.destination')}</th>
            <th scope="col">{t('delivery.user')}</th>
            <th scope="col">{t('delivery.event')}</th>
            <th scope="col">{t('delivery.attempts')}</th>
            <th scope="col">{t('delivery.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ destination, seq, mappingId, user, messageId, attempts, dueAt, code, message }) => (
            <tr key={`${destination} ${seq} ${mappingId}`}>
              <td>
                <Time at={dueAt} />
              </td>
              <td>
                {destination} · {mappingId}
              </td>
              <td>
                <Link to="/delivery" search={{ user }}>
                  {user}
                </Link>
              </td>
              <td>
                {messageId !== undefined && (
                  <Link to="/events/$messageId" params={{ messageId }}>
                    {messageId}
                  </Link>
                )}
              </td>
              <td>{number(attempts)}</td>
              <td>
                <code>{code}</code> {message}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
