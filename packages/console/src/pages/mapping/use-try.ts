import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { TriedEvent } from '@waybill/api';
import type { Event, MappingConfig } from '@waybill/core';
import { useRested } from '../../rested.ts';
import { useClient } from '../../session.tsx';
import type { Place } from './use-editing.ts';
import type { Samples } from './use-samples.ts';

/** The server's result for the sample event: what only it knows, and the requests. */
export interface ServerTry {
  /** The last answer; it stays until the next one is there. */
  readonly tried: TriedEvent | undefined;
  /** Whether it belongs to an earlier mapping or another event. */
  readonly isOld: boolean;
  readonly error: unknown;
}

/**
 * Hook that tries a mapping on the sample event on the server, with its requests and compared with the current mapping. Nothing is
 * sent.
 */
export function useTry(place: Place, config: MappingConfig, samples: Samples, isOn: boolean): ServerTry {
  const client = useClient();
  const { event } = samples;
  const asked = useRested(config);
  const query = useQuery({
    queryKey: ['try', place.id, event?.messageId, asked],
    enabled: isOn && event !== undefined,
    placeholderData: keepPreviousData,
    // The log and memory change, but an answer must not change while it is read.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    queryFn: async () => {
      const answer = await client.post('/api/destinations/:id/try', {
        params: { id: place.id },
        body: { mapping: asked, sample: sampleOf(event!, samples), requests: true, against: 'live' },
      });
      return answer.events[0] ?? null;
    },
  });
  const isOld = query.isPlaceholderData || asked !== config;
  return { tried: query.data ?? undefined, isOld, error: query.isError ? query.error : undefined };
}

function sampleOf(
  event: Event,
  samples: Samples,
): { readonly messageIds: readonly string[] } | { readonly events: readonly Record<string, unknown>[] } {
  return samples.isLogged(event) ? { messageIds: [event.messageId] } : { events: [{ ...event }] };
}
