import type { OverviewCounts, Stats } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useClient } from '../../session.tsx';
import { useFormat } from '../../format.ts';
import { useTexts } from '../../preferences.ts';
import { Badge } from '../../kit/Badge.tsx';
import cards from '../../kit/Cards.module.css';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLive } from '../../live.ts';
import styles from './Overview.module.css';

type Lane = Stats['destinations'][number];
interface Hold {
  readonly message: string;
  readonly until: number;
}

/** The status of each destination: rate, lag, pause, waiting items, dead letters, delays. */
export function Destinations({
  stats,
  totals,
}: {
  readonly stats: Stats;
  readonly totals: OverviewCounts | undefined;
}): ReactElement {
  const t = useTexts();
  const client = useClient();
  const { number, duration } = useFormat();
  const { data: all, error } = useQuery({
    queryKey: ['destinations'],
    queryFn: () => client.get('/api/destinations'),
  });
  const [live, setLive] = useState<Readonly<Record<string, Lane & { readonly hold?: Hold }>>>({});
  useLive({
    topics: ['lanes'],
    onMessages: (messages) =>
      setLive((before) => {
        const next = { ...before };
        for (const one of messages) if (one.kind === 'lanes') next[one.data.destination] = one.data;
        return next;
      }),
  });
  const rows = (all ?? []).map((config) => ({
    config,
    lane: live[config.id] ?? stats.destinations.find((one) => one.destination === config.id),
    hold: live[config.id]?.hold,
    delay: totals?.delays.find((one) => one.destination === config.id),
    delivered: deliveredTo(config.id, totals),
  }));
  return (
    <section aria-label={t('overview.destinations')} className={styles['card']}>
      <h2>{t('overview.destinations')}</h2>
      {error !== null && <Failure error={error} />}
      {all?.length === 0 && (
        <Empty title={t('overview.noDestinations')}>
          <Link to="/destinations">{t('overview.noDestinations.action')}</Link>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={styles['scroll']}>
          <table className={`${styles['table']} ${cards['cards']}`}>
            <thead>
              <tr>
                <th scope="col">{t('overview.destination')}</th>
                <th scope="col">{t('overview.state')}</th>
                <th scope="col">{t('overview.delivered')}</th>
                <th scope="col">{t('overview.lag')}</th>
                <th scope="col">{t('overview.waitingItems')}</th>
                <th scope="col">{t('overview.deadLetters')}</th>
                <th scope="col">{t('overview.p50')}</th>
                <th scope="col">{t('overview.p95')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ config, lane, hold, delay, delivered }) => (
                <tr key={config.id}>
                  <th scope="row">
                    <Link to="/destinations/$id" params={{ id: config.id }}>
                      {config.name ?? config.id}
                    </Link>
                  </th>
                  <td data-label={t('overview.state')}>
                    <State enabled={config.enabled !== false} lag={lane?.lag ?? 0} hold={hold} />
                  </td>
                  <td data-label={t('overview.delivered')}>{number(delivered)}</td>
                  <td data-label={t('overview.lag')}>{number(lane?.lag ?? 0)}</td>
                  <td data-label={t('overview.waitingItems')}>{number(lane?.retrying ?? 0)}</td>
                  <td data-label={t('overview.deadLetters')}>
                    <Link to="/dead-letters" search={{ destination: config.id }}>
                      {number(lane?.deadLetters ?? 0)}
                    </Link>
                  </td>
                  <td data-label={t('overview.p50')}>{delay === undefined ? '' : duration(delay.p50)}</td>
                  <td data-label={t('overview.p95')}>{delay === undefined ? '' : duration(delay.p95)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function deliveredTo(destination: string, totals: OverviewCounts | undefined): number {
  return (totals?.outcomes ?? []).reduce(
    (sum, one) => (one.destination === destination && one.status === 'delivered' ? sum + one.count : sum),
    0,
  );
}

function State({
  enabled,
  lag,
  hold,
}: {
  readonly enabled: boolean;
  readonly lag: number;
  readonly hold: Hold | undefined;
}): ReactElement {
  const t = useTexts();
  if (!enabled) return <Badge state="skipped">{t('overview.state.off')}</Badge>;
  if (hold !== undefined)
    return (
      <span className={styles['state']} title={hold.message}>
        <Badge state="rejected">{t('overview.state.held')}</Badge>
        <span>
          {hold.message} {t('overview.held.until')} <Time at={hold.until} />
        </span>
      </span>
    );
  if (lag > 0) return <Badge state="waiting">{t('overview.state.behind', { count: lag })}</Badge>;
  return <Badge state="delivered">{t('overview.state.working')}</Badge>;
}
