/*
 * Waybill in a separate process, with a module: `serve.mjs <folder> <module> <hosts> <workspace>`. Reports its CPU time and when it
 * is idle. No TypeScript: the loader of Node is not part of `waybill start`.
 */
import { startServer } from '@waybill/server';

const [dataDir, module, hosts, workspace] = process.argv.slice(2);
const server = await startServer(
  {
    dataDir,
    port: 0,
    logLevel: 'error',
    adminToken: 'token',
    destinations: [module],
    allowedHosts: hosts.split(','),
  },
  workspace,
);
process.on('message', async (message) => {
  if (message === 'stop') return server.stop().then(() => process.exit(0));
  await server.idle();
  const { user, system } = process.cpuUsage();
  process.send({ microseconds: user + system });
});
process.send({ url: server.url });
