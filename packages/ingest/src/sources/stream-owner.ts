import type { SourceValues } from '@waybill/core';
import type { Lease, Log } from '@waybill/delivery';

/** The owner of what polls of a stream keep. */
export function pollOwner(source: string, stream: string): string {
  return `poll ${JSON.stringify([source, stream])}`;
}

/** The owner of what a back-fill of a stream keeps. */
export function backfillOwner(source: string, stream: string, id: string): string {
  return `backfill ${id} ${JSON.stringify([source, stream])}`;
}

/** The key of the note for the reader of a source. */
export function noteOf(source: string): string {
  return `note ${source}`;
}

/** The data that the owner of a stream stores in addition to its cursor, for observers. */
export function streamValues(owner: string, log: Pick<Log, 'carried'>): SourceValues {
  return { read: async (keys) => (await log.carried(owner, keys)).state };
}

/** The same for the reader of the stream, under a lease; calls `onStale` when another process now holds it. */
export function ownValues(
  lease: Lease<string>,
  log: Pick<Log, 'append' | 'carried'>,
  onStale: () => void,
): SourceValues {
  return {
    ...streamValues(lease.key, log),
    async write(state) {
      if ((await log.append([], { lease, state })) !== 'stale') return;
      onStale();
      throw new Error('Another process reads the source by now.');
    },
  };
}
