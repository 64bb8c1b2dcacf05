import { ApiError } from '@waybill/api/client';
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { randomText } from '../../random.ts';
import { useClient } from '../../session.tsx';
import type { SentEvent } from './demo.ts';

/** Creates events; the argument identifies the run. */
export type Make = (run: string) => readonly SentEvent[];

/** Hook that sends events to the tracking API of this server like a client; returns the last one. */
export function useSending(
  sourceId: string,
  writeKey: string | undefined,
  onKey: (writeKey: string) => void,
): UseMutationResult<SentEvent, Error, Make> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn(make) {
      const key =
        writeKey ?? (await client.post('/api/sources/:id/key', { params: { id: sourceId } })).writeKey;
      onKey(key);
      const events = make(randomText());
      await post(key, events);
      return events.at(-1)!;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['start'] }),
  });
}

async function post(writeKey: string, batch: readonly SentEvent[]): Promise<void> {
  const answer = await fetch('/v1/batch', {
    method: 'POST',
    // The tracking API has no sessions.
    credentials: 'omit',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ writeKey, batch }),
  });
  const { error } = (await answer.json()) as { readonly error?: ConstructorParameters<typeof ApiError>[0] };
  if (error !== undefined) throw new ApiError(error, answer.status);
}
