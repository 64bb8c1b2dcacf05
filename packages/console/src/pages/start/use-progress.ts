import type { Source } from '@waybill/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClient } from '../../session.tsx';

/** How far a first run has come. */
export interface Progress {
  /** The sources that clients send to, and that take it. */
  readonly sources: readonly Source[];
  readonly events: number;
  /** The destinations that are switched on. */
  readonly destinations: readonly string[];
  readonly delivered: number;
  readonly rejected: number;
  readonly waiting: number;
}

/** Milliseconds between two polls of the progress of the first run. */
const LOOK = 1_000;

/** Looks at how far a first run has come, again and again. */
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
