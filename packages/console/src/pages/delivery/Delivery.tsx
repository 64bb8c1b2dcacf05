import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import lists from '../../kit/List.module.css';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { chosenPeriod } from '../overview/period.ts';
import { PeriodSelect } from '../overview/PeriodSelect.tsx';
import { useOverview } from '../overview/use-overview.ts';
import { LaneCard } from './LaneCard.tsx';
import { WaitingList } from './WaitingList.tsx';

/**
 * The delivery page: the status of each destination, the funnel of its mappings in a period with reasons, waiting items, and early
 * retries.
 */
export default function Delivery(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const chosen = chosenPeriod(search);
  const overview = useOverview(chosen);
  const destinations = useQuery({
    queryKey: ['destinations'],
    queryFn: () => client.get('/api/destinations'),
  });
  const lanes = useQuery({
    queryKey: ['lanes'],
    queryFn: () => client.get('/api/lanes'),
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
      <header className={lists['top']}>
        <h1>{t('delivery.title')}</h1>
        <PeriodSelect
          chosen={chosen}
          onChange={(period) => void navigate({ to: '/delivery', search: { period } })}
        />
      </header>
      {lanes.isError && <Failure error={lanes.error} onRetry={() => void lanes.refetch()} />}
      {overview.isError && <Failure error={overview.error} onRetry={() => void overview.refetch()} />}
      {lanes.isPending && <Loading />}
      {lanes.data?.length === 0 && <Empty title={t('delivery.none')} />}
      <p role="status">{now.data === undefined ? '' : t('delivery.tried', { count: now.data.users })}</p>
      {now.isError && <Failure error={now.error} />}
      {lanes.data?.map((lane) => (
        <LaneCard
          key={`${lane.partition ?? 0} ${lane.destination}`}
          lane={lane}
          destination={destinations.data?.find(({ id }) => id === lane.destination)}
          overview={overview.data}
          onNow={() => now.mutate(lane.destination)}
        />
      ))}
      <p className={styles['muted']}>{t('delivery.stages.hint')}</p>
      <WaitingList filter={filterOf(search)} />
    </>
  );
}

function filterOf({ code, user }: Readonly<Record<string, unknown>>): {
  readonly code?: string;
  readonly user?: string;
} {
  return {
    ...(code === undefined ? {} : { code: String(code) }),
    ...(user === undefined ? {} : { user: String(user) }),
  };
}
