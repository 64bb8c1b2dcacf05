import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from '../../kit/List.module.css';
import { CreateDestination } from './CreateDestination.tsx';

/** The polling interval of the status of destinations, in milliseconds. */
const LOOK = 3_000;

/** The destinations with their status, and adding one. */
export default function Destinations(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [creating, setCreating] = useState(false);
  const all = useQuery({
    queryKey: ['destinations'],
    refetchInterval: LOOK,
    queryFn: async () => {
      const [list, stats] = await Promise.all([client.get('/api/destinations'), client.get('/api/stats')]);
      return list.map((one) => ({
        ...one,
        stats: stats.destinations.find(({ destination }) => destination === one.id),
      }));
    },
  });
  if (all.isError) return <Failure error={all.error} onRetry={() => void all.refetch()} />;
  if (all.data === undefined) return <Loading />;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t('destinations.create')}
    </Button>
  );
  return (
    <>
      <div className={styles['top']}>
        <h1>{t('destinations.title')}</h1>
        {all.data.length === 0 ? null : create}
      </div>
      {all.data.length === 0 ? (
        <Empty title={t('destinations.none')}>{create}</Empty>
      ) : (
        <ul className={styles['list']} aria-label={t('destinations.title')}>
          {all.data.map(({ id, name, type, enabled = true, mappings, stats }) => (
            <li key={id} className={styles['row']}>
              <Link to="/destinations/$id" params={{ id }}>
                {name ?? id}
              </Link>
              <code>{type}</code>
              <Link to="/destinations/$id/mappings" params={{ id }}>
                {t('destinations.mappings.count', { count: mappings.length })}
              </Link>
              <span>
                {stats === undefined ? null : (
                  <>
                    {t('destinations.lag', { count: stats.lag })} ·{' '}
                    {t('destinations.waiting', { count: stats.retrying })} ·{' '}
                    {t('destinations.deadLetters', { count: stats.deadLetters })}
                  </>
                )}
              </span>
              <Badge state={enabled ? 'delivered' : 'skipped'}>{t(enabled ? 'state.on' : 'state.off')}</Badge>
            </li>
          ))}
        </ul>
      )}
      {creating ? <CreateDestination onClose={() => setCreating(false)} /> : null}
    </>
  );
}
