/* Waybill in a separate process: `serve.ts <folder> <workspace> <hosts>`. Reports its peak memory and its CPU seconds. */
import { startServer } from '@waybill/server';

const [dataDir, workspace, hosts] = process.argv.slice(2) as [string, string, string];
const server = await startServer(
  {
    dataDir,
    port: 0,
    logLevel: 'error',
    // Disks of tests are small.
    limits: { freeDiskMegabytes: 0 },
    allowedHosts: hosts.split(','),
    adminToken: 'token',
  },
  workspace,
);
process.on('message', (message: 'cpu' | 'idle' | 'stop') => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { megabytes: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 };
  if (message === 'cpu') process.send!(usage);
  else if (message === 'idle') void server.idle().then(() => process.send!({}));
  else
    void server.stop().then(() => {
      process.send!(usage);
      process.disconnect();
    });
});
process.send!({ url: server.url });
