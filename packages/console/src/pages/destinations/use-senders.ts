import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClient } from '../../session.tsx';
import type { Sender } from './OwnershipRule.tsx';

/** Hook for the origins of events: sources and processors. */
export function useSenders(): UseQueryResult<readonly Sender[]> {
  const client = useClient();
  return useQuery({
    queryKey: ['senders'],
    queryFn: async () => {
      const { sources, processors = [] } = await client.get('/api/workspace');
      return [...sources, ...processors].map(({ id, name = id }) => [id, name] as const);
    },
  });
}
