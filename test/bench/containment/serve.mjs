/*
 * Waybill in a process of its own, with a module: `serve.mjs <folder> <module> <hosts> <workspace>`. Tells its processor time, and when
 * nothing is left to do. No TypeScript: what Node loads to run that is no part of `waybill start`.
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
