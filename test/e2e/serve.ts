/*
 * A server in a separate process, for tests that kill it: `node --conditions=source serve.ts <folder> <sandbox>`. A third
 * argument is another workspace, and the fourth a module with its destinations.
 * Prints its address when it is ready.
 */
import { flushCompileCache } from 'node:module';
import { startServer } from '@waybill/server';
import { demoWorkspace } from './harness.ts';

const [dataDir, sandbox, workspace, module] = process.argv.slice(2) as [string, string, string?, string?];
const server = await startServer(
  {
    dataDir,
    port: 0,
    logLevel: 'error',
    // Disks of tests are small.
    limits: { freeDiskMegabytes: 0 },
    allowedHosts: [new URL(sandbox).host, ...(process.env['WAYBILL_ALLOWED_HOSTS']?.split(',') ?? [])],
    retry: { firstDelay: 20, maxDelay: 200 },
    adminToken: 'token',
    env: (name) =>
      ['WAYBILL_ROLES', 'WAYBILL_AUDIENCE_FILES'].includes(name) ? process.env[name] : undefined,
    // Processes of one store read what the others have sealed.
    ...(process.env['WAYBILL_STORE'] === undefined
      ? {}
      : { store: process.env['WAYBILL_STORE'], secretKey: 'key of the processes' }),
    ...(module === undefined ? {} : { destinations: [module] }),
  },
  workspace ?? JSON.stringify(demoWorkspace(sandbox)),
);
// Who kills it leaves the next one the compiled code.
flushCompileCache();
process.send!({ url: server.url });
process.on('message', (message) => {
  if (message === 'stop') void server.stop().then(() => process.exit());
  if (message === 'idle') void server.idle().then(() => process.send!({ idle: true }));
});
