import type { Source } from '@waybill/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClient } from '../../session.tsx';

/** The progress of a first run. */
export interface Progress {
  /** The enabled sources for clients. */
  readonly sources: readonly Source[];
  readonly events: number;
  /** The enabled destinations. */
  readonly destinations: readonly string[];
  readonly delivered: number;
  readonly rejected: number;
  readonly waiting: number;
}

/** The polling interval of the first run, in milliseconds. */
const LOOK = 1_000;

/** Hook that polls the progress of a first run. */
export function useProgress(): UseQueryResult<Progress> {
  const client = useClient();
  return useQuery({
    queryKey: ['start'],
    refetchInterval: LOOK,
    queryFn: async (): Promise<Progress> => {
      const [sources, destinations, stats] = await Promise.all([
        client.get('/api/sources'),
        client.get('/api/destinations'),
        client.get('/api/stats'),
      ]);
      const sum = (of: 'delivered' | 'rejected' | 'retrying'): number =>
        stats.destinations.reduce((all, one) => all + one[of], 0);
      return {
        sources: sources.filter(({ writeKey, enabled }) => writeKey !== undefined && enabled !== false),
        events: stats.events,
        destinations: destinations.flatMap(({ id, enabled }) => (enabled === false ? [] : [id])),
        delivered: sum('delivered'),
        rejected: sum('rejected'),
        waiting: sum('retrying'),
      };
    },
  });
}
