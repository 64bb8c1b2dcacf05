import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { openStores } from '@waybill/delivery';
import { createLinks, createProcessorsHost, processors } from '@waybill/ingest/processors-host';
import type { ProcessorsWorkerData } from './processors-thread.ts';

/* The processors thread: it reads and processes the log. The accepting thread writes the results. */

const { store, holder, secretKey, isShared } = workerData as ProcessorsWorkerData;
const port = parentPort!;
const { log, supports, close } = await openStores(store, {
  writes: [],
  only: ['log'],
  // Processors share among themselves.
  sharesReads: false,
});
const links = createLinks(secretKey);
const host = createProcessorsHost(port, {
  processors,
  log,
  partitions: supports.partitions,
  holder,
  isShared,
  seal: (processor, text) => links.seal(processor, text),
  now: Date.now,
  newMessageId: randomUUID,
  collect: youngCollector(),
  async onStopped() {
    await close();
    // After the answer.
    setImmediate(() => port.close());
  },
});
port.on('message', (message) => host.heard(message));

/**
 * Returns a function that collects the young generation. V8 does that when it is full, in the middle of a round, and would copy all
 * events and states of the round; between two rounds hardly anything is left to copy.
 */
function youngCollector(): () => void {
  setFlagsFromString('--expose-gc');
  // Only a new context has the function.
  const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type: 'minor' });
}
