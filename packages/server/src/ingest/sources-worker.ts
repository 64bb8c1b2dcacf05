import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { createRequest, createTransport, secretsIn, writeBack } from '@waybill/delivery';
import { createSourcesHost, sources } from '@waybill/ingest';
import type { SourcesWorkerData } from './sources-thread.ts';

/* The sources thread: it reads pages of shops and processes their rows. The accepting thread writes the results. */

const { allowedHosts, store } = workerData as SourcesWorkerData;
const transport = createTransport({ allowedHosts });
const port = parentPort!;
const host = createSourcesHost(port, {
  sources,
  requestOf({ source, settings }) {
    const secrets = secretsIn(source?.settings ?? {}, settings);
    return createRequest({ transport, secrets }).request;
  },
  upkeep: store === undefined ? undefined : () => writeBack(store),
  now: Date.now,
  newMessageId: randomUUID,
});
port.on('message', (message) => host.heard(message));
