import type { Overview } from '@waybill/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClient } from '../../session.tsx';
import { type ChosenPeriod, periodAt } from './period.ts';

/** Hook for the overview of a period, refreshed while it continues. */
export function useOverview(chosen: ChosenPeriod): UseQueryResult<Overview> {
  const client = useClient();
  return useQuery({
    queryKey: ['overview', chosen],
    queryFn: () => client.get('/api/overview', { query: periodAt(chosen, Date.now()) }),
    refetchInterval: chosen.own === undefined ? 10_000 : false,
    placeholderData: (before: Overview | undefined) => before,
  });
}
