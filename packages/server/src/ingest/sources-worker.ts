import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { createRequest, createTransport, secretsIn } from '@waybill/delivery';
import { createSourcesHost, sources } from '@waybill/ingest';

/* The sources thread: it reads pages of shops and works out what follows from them. What is written is written by the accepting thread. */

const { allowedHosts } = workerData as { readonly allowedHosts: readonly string[] };
const transport = createTransport({ allowedHosts });
const port = parentPort!;
const host = createSourcesHost(port, {
  sources,
  requestOf({ source, settings }) {
    const secrets = secretsIn(source?.settings ?? {}, settings);
    return createRequest({ transport, secrets }).request;
  },
  now: Date.now,
  newMessageId: randomUUID,
});
port.on('message', (message) => host.heard(message));
