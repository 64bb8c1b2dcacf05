import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Lane, WaitingItem } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** How each destination is doing, what waits, and trying it now. */
export default function Delivery(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const lanes = useQuery({
    queryKey: ['lanes'],
    queryFn: () => client.get('/api/lanes'),
    refetchInterval: 5_000,
  });
  const waiting = useQuery({
    queryKey: ['waiting'],
    queryFn: () => client.get('/api/waiting'),
    refetchInterval: 5_000,
  });
  const now = useMutation({
    mutationFn: (destination: string) => client.post('/api/waiting/now', { body: { destination } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['lanes'] });
      void queries.invalidateQueries({ queryKey: ['waiting'] });
    },
  });
  return (
    <>
      <h1>{t('delivery.title')}</h1>
      {lanes.isError && <Failure error={lanes.error} onRetry={() => void lanes.refetch()} />}
      {lanes.isPending && <Loading />}
      {lanes.data?.length === 0 && <Empty title={t('delivery.none')} />}
      <p role="status">{now.data === undefined ? '' : t('delivery.tried', { count: now.data.users })}</p>
      {now.isError && <Failure error={now.error} />}
      {lanes.data?.map((lane) => (
        <LaneCard key={lane.destination} lane={lane} onNow={() => now.mutate(lane.destination)} />
      ))}
      <section aria-label={t('delivery.list')} className={styles['card']}>
        <h2>{t('delivery.list')}</h2>
        {waiting.isError && <Failure error={waiting.error} onRetry={() => void waiting.refetch()} />}
        {waiting.data?.length === 0 && <p>{t('delivery.list.none')}</p>}
        {waiting.data !== undefined && waiting.data.length > 0 && <WaitingTable rows={waiting.data} />}
      </section>
    </>
  );
}

function LaneCard({ lane, onNow }: { readonly lane: Lane; readonly onNow: () => void }): ReactNode {
  const t = useTexts();
  const { number, moment } = useFormat();
  const { hold } = lane;
  return (
    <section aria-label={lane.destination} className={styles['card']}>
      <h2>{lane.destination}</h2>
      <div className={styles['row']}>
        {!lane.enabled && <Badge state="skipped">{t('delivery.off')}</Badge>}
        {lane.enabled && hold === undefined && <Badge state="delivered">{t('delivery.working')}</Badge>}
        {lane.enabled && hold !== undefined && (
          <Badge state="waiting">{t('delivery.held', { time: moment(hold.since) })}</Badge>
        )}
        <span>
          {t('delivery.lag')}: {number(lane.lag)}
        </span>
        <span>
          {t('delivery.waiting')}: {number(lane.waiting)}
        </span>
        <Button onClick={onNow} disabled={!lane.enabled || (lane.waiting === 0 && hold === undefined)}>
          {t('delivery.now')}
        </Button>
      </div>
      {hold !== undefined && (
        <p>
          <code>{hold.code}</code> {hold.message} {t('delivery.probe')}: <Time at={hold.until} />
        </p>
      )}
    </section>
  );
}

function WaitingTable({ rows }: { readonly rows: readonly WaitingItem[] }): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  return (
    <>
      <p className={styles['muted']}>{t('delivery.list.hint')}</p>
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
            {rows.map(({ destination, seq, mappingId, user, messageId, attempts, dueAt, code }) => (
              <tr key={`${destination} ${seq} ${mappingId}`}>
                <td>
                  <Time at={dueAt} />
                </td>
                <td>
                  {destination} · {mappingId}
                </td>
                <td>{user}</td>
                <td>
                  {messageId !== undefined && (
                    <Link to="/events/$messageId" params={{ messageId }}>
                      {messageId}
                    </Link>
                  )}
                </td>
                <td>{number(attempts)}</td>
                <td>
                  <code>{code}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
