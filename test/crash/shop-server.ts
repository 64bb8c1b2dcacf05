/* Waybill in a process of its own, at a port that a shop knows: `shop-server.ts <folder> <port> <hosts> <workspace>`. */
import { flushCompileCache } from 'node:module';
import { startServer } from '@waybill/server';

const [dataDir, port, hosts, workspace] = process.argv.slice(2) as [string, string, string, string];
const server = await startServer(
  {
    dataDir,
    port: Number(port),
    publicUrl: `http://127.0.0.1:${port}`,
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
