import { randomUUID } from 'node:crypto';
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
  async onStopped() {
    await close();
    // After the answer.
    setImmediate(() => port.close());
  },
});
port.on('message', (message) => host.heard(message));
