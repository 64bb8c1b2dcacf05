import { useQuery } from '@tanstack/react-query';
import type { Lane } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** How calls to each endpoint are spread: what is published, what holds, and what is used of it. */
export default function Limits(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const lanes = useQuery({
    queryKey: ['lanes'],
    queryFn: () => client.get('/api/lanes'),
    refetchInterval: 5_000,
  });
  return (
    <>
      <h1>{t('limits.title')}</h1>
      {lanes.isError && <Failure error={lanes.error} onRetry={() => void lanes.refetch()} />}
      {lanes.isPending && <Loading />}
      {lanes.data?.length === 0 && <Empty title={t('delivery.none')} />}
      {lanes.data?.map((lane) => (
        <section key={lane.destination} aria-label={lane.destination} className={styles['card']}>
          <h2>{lane.destination}</h2>
          <Endpoints endpoints={lane.endpoints} />
        </section>
      ))}
    </>
  );
}

function Endpoints({ endpoints }: Pick<Lane, 'endpoints'>): ReactNode {
  const t = useTexts();
  const { number, duration } = useFormat();
  const rate = (value: number): string => number(Math.round(value * 10) / 10);
  const time = (seconds: number): string => duration(seconds * 1_000);
  if (endpoints.length === 0) return <p>{t('limits.unknown')}</p>;
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={t('limits.endpoint')}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('limits.endpoint')}</th>
            <th scope="col">{t('limits.published')}</th>
            <th scope="col">{t('limits.now')}</th>
            <th scope="col">{t('limits.used')}</th>
            <th scope="col">{t('limits.waiting')}</th>
            <th scope="col">{t('limits.refused')}</th>
            <th scope="col">{t('limits.closed')}</th>
          </tr>
        </thead>
        <tbody>
          {endpoints.map(
            ({ origin = '', endpoint, published, limits, used, waiting, refused, closedUntil }) => (
              <tr key={`${origin} ${endpoint}`}>
                <th scope="row">
                  <code>{endpoint}</code>{' '}
                  <span className={styles['muted']}>{origin === '' ? t('limits.uncalled') : origin}</span>
                </th>
                <td>
                  {published
                    .map(({ amount, seconds, assumed }) =>
                      t(assumed ? 'limits.assumed' : 'limits.amount', {
                        amount: number(amount),
                        time: time(seconds),
                      }),
                    )
                    .join('; ') || t('limits.unknown')}
                </td>
                <td>
                  {limits
                    .map((one) => t(one.learned ? 'limits.learned' : 'limits.rate', { rate: rate(one.rate) }))
                    .join('; ') || t('limits.unknown')}
                </td>
                <td>{t('limits.rate', { rate: rate(used) })}</td>
                <td>{number(waiting)}</td>
                <td>{number(refused)}</td>
                <td>{closedUntil === undefined ? '' : <Time at={closedUntil} />}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
