/*
 * Waybill in a separate process, at a fixed port for a shop: `shop-server.ts <folder> <port> <hosts> <workspace> [<public address>]`.
 * Without the last no webhooks are registered.
 */
import { flushCompileCache } from 'node:module';
import { startServer } from '@waybill/server';

const [dataDir, port, hosts, workspace, publicUrl] = process.argv.slice(2) as [
  ...[string, string, string, string],
  string?,
];
const server = await startServer(
  {
    dataDir,
    port: Number(port),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    logLevel: 'silent',
    limits: { freeDiskMegabytes: 0 },
    allowedHosts: hosts.split(','),
    retry: { firstDelay: 20, maxDelay: 200 },
    adminToken: 'token',
  },
  workspace,
);
// Who kills it leaves the next one the compiled code.
flushCompileCache();
process.send!({ url: server.url });
process.on('message', () => void server.idle().then(() => process.send!({ idle: true })));
