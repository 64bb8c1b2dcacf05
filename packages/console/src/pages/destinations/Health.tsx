import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';

/** The polling interval of the status of a destination, in milliseconds. */
const LOOK = 3_000;

/** Hook for the progress and counts of a destination. */
export function useHealth(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: ['health', id],
    refetchInterval: LOOK,
    queryFn: async () => {
      const [lanes, stats] = await Promise.all([client.get('/api/lanes'), client.get('/api/stats')]);
      const own = lanes.filter(({ destination }) => destination === id);
      const standing = stats.destinations.find(({ destination }) => destination === id);
      const [first] = own;
      if (first === undefined) return { lane: null, deadLetters: 0 };
      const waiting = own.reduce((sum, one) => sum + one.waiting, 0);
      const shown = own.find(({ hold }) => hold !== undefined) ?? first;
      const lag = own.length === 1 ? first.lag : (standing?.lag ?? 0);
      return { lane: { ...shown, lag, waiting }, deadLetters: standing?.deadLetters ?? 0 };
    },
  });
}

/** The status of a destination: progress, waiting items, dead letters, and why it is paused. */
export function Health({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const found = useHealth(id);
  if (found.isError) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined || found.data.lane === null) return null;
  const { lane, deadLetters } = found.data;
  return (
    <div className={styles['health']}>
      {!lane.enabled ? null : lane.hold === undefined ? (
        <Badge state="delivered">{t('destinations.health.works')}</Badge>
      ) : (
        <Badge state="waiting">
          <span>
            {lane.hold.message} <code>{lane.hold.code}</code> {t('destinations.health.next')}{' '}
            <Time at={lane.hold.until} />
          </span>
        </Badge>
      )}
      <Link to="/delivery">{t('destinations.lag', { count: lane.lag })}</Link>
      <Link to="/delivery">{t('destinations.waiting', { count: lane.waiting })}</Link>
      <Link to="/dead-letters" search={{ destination: id }}>
        {t('destinations.deadLetters', { count: deadLetters })}
      </Link>
    </div>
  );
}
