import type { Shape } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../session.tsx';

/** How long shapes are cached, in milliseconds. */
const FRESH = 60_000;
const NONE: readonly Shape[] = [];

/** Hook for the shapes of events, by type and name; empty until loaded. */
export function useShapes(): readonly Shape[] {
  const client = useClient();
  const found = useQuery({
    queryKey: ['shapes'],
    staleTime: FRESH,
    queryFn: () => client.get('/api/shapes', { query: { limit: 200 } }),
  });
  return found.data ?? NONE;
}
