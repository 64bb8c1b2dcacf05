import { useQuery } from '@tanstack/react-query';
import type { Lane } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import cards from '../../kit/Cards.module.css';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** The limits page: published and current limits per endpoint, and their usage. */
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
        <section
          key={`${lane.partition ?? 0} ${lane.destination}`}
          aria-label={lane.destination}
          className={styles['card']}
        >
          <h2>{lane.destination}</h2>
          <Endpoints endpoints={lane.endpoints} />
        </section>
      ))}
    </>
  );
}

type Endpoint = Lane['endpoints'][number];

/** The called endpoints, then the others. */
function Endpoints({ endpoints }: Pick<Lane, 'endpoints'>): ReactNode {
  const t = useTexts();
  if (endpoints.length === 0) return <p>{t('limits.unknown')}</p>;
  const called = endpoints.filter(({ origin }) => origin !== undefined);
  const others = endpoints.filter(({ origin }) => origin === undefined);
  return (
    <>
      {called.length === 0 ? null : <Called endpoints={called} />}
      {others.length === 0 ? null : (
        <details>
          <summary>{t('limits.uncalled', { count: others.length })}</summary>
          <ul className={styles['plain']}>
            {others.map(({ endpoint, published }) => (
              <li key={endpoint}>
                <code>{endpoint}</code>{' '}
                <span className={styles['muted']}>
                  <Published published={published} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Called({ endpoints }: Pick<Lane, 'endpoints'>): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  const rate = (value: number): string => number(Math.round(value * 10) / 10);
  const columns: readonly (readonly [string, (one: Endpoint) => ReactNode])[] = [
    [t('limits.published'), ({ published }) => <Published published={published} />],
    [
      t('limits.now'),
      ({ limits }) =>
        limits
          .map((one) => t(one.learned ? 'limits.learned' : 'limits.rate', { rate: rate(one.rate) }))
          .join('; ') || t('limits.unknown'),
    ],
    [t('limits.used'), ({ used }) => t('limits.rate', { rate: rate(used) })],
    [t('limits.waiting'), ({ waiting }) => number(waiting)],
    [t('limits.refused'), ({ refused }) => number(refused)],
    [t('limits.closed'), ({ closedUntil }) => (closedUntil === undefined ? '–' : <Time at={closedUntil} />)],
  ];
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={t('limits.endpoint')}>
      <table className={`${styles['table']} ${cards['cards']}`}>
        <thead>
          <tr>
            <th scope="col">{t('limits.endpoint')}</th>
            {columns.map(([label]) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {endpoints.map((one) => (
            <tr key={`${one.origin} ${one.endpoint}`}>
              <th scope="row">
                <code>{one.endpoint}</code> <span className={styles['muted']}>{one.origin}</span>
              </th>
              {columns.map(([label, cell]) => (
                <td key={label} data-label={label}>
                  {cell(one)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Published({ published }: Pick<Endpoint, 'published'>): ReactNode {
  const t = useTexts();
  const { number, duration } = useFormat();
  return (
    published
      .map(({ amount, seconds, assumed }) =>
        t(assumed ? 'limits.assumed' : 'limits.amount', {
          amount: number(amount),
          time: duration(seconds * 1_000),
        }),
      )
      .join('; ') || t('limits.unknown')
  );
}
