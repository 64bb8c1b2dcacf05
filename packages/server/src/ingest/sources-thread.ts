import type { WriteBack } from '@waybill/delivery';
import { createSourcesThread, sources as own, type SourcesThread } from '@waybill/ingest';
import { after, startThread } from './thread.ts';

/** The data of the sources thread. */
export interface SourcesWorkerData {
  readonly allowedHosts: readonly string[];
  /** The address of the log, if this thread can do checkpoints. */
  readonly store: string | undefined;
}

/** Pages live for a while, and each garbage collection copies them: so the young generation is large. */
const YOUNG_MEGABYTES = 48;

/** Creates the thread that reads pages of shops with Waybill's own code; other code has its own process. */
export function startSourcesThread(
  allowedHosts: readonly string[],
  upkeep: WriteBack | undefined,
  hasPlan: (sourceId: string) => boolean,
): SourcesThread {
  const workerData: SourcesWorkerData = { allowedHosts, store: upkeep?.url };
  return createSourcesThread({
    hasPlan,
    upkeep,
    has: ({ source }) => own.some((one) => one === source),
    start: (on) => startThread({ name: 'sources', workerData, youngMegabytes: YOUNG_MEGABYTES }, on),
    after,
  });
}
