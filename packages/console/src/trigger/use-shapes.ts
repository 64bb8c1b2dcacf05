import type { Shape } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../session.tsx';

/** Milliseconds for which what events look like is taken for known. */
const FRESH = 60_000;
const NONE: readonly Shape[] = [];

/** What events look like, by type and name; empty until it is known. */
export function useShapes(): readonly Shape[] {
  const client = useClient();
  const found = useQuery({
    queryKey: ['shapes'],
    staleTime: FRESH,
    queryFn: () => client.get('/api/shapes', { query: { limit: 200 } }),
  });
  return found.data ?? NONE;
}
