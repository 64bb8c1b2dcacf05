/*
 * A server in a process of its own, for tests that kill it: `node --conditions=source serve.ts <folder> <sandbox>`.
 * Prints its address when it is ready.
 */
import { startServer } from '@waybill/server';
import { demoWorkspace } from './house.ts';

const [dataDir, sandbox] = process.argv.slice(2) as [string, string];
const server = await startServer(
  {
    dataDir,
    port: 0,
    logLevel: 'error',
    allowedHosts: [new URL(sandbox).host],
    retry: { firstDelay: 20, maxDelay: 200 },
    adminToken: 'token',
  },
  JSON.stringify(demoWorkspace(sandbox)),
);
process.send!({ url: server.url });
process.on('message', (message) => {
  if (message === 'idle') void server.idle().then(() => process.send!({ idle: true }));
});
