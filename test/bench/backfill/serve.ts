/* Waybill in a process of its own: `serve.ts <folder> <workspace> <hosts>`. Tells the most memory it had. */
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
process.on('message', (message: 'idle' | 'stop') => {
  if (message === 'idle') {
    void server.idle().then(() => process.send!({}));
    return;
  }
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  void server.stop().then(() => {
    process.send!({ megabytes: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 });
    process.disconnect();
  });
});
process.send!({ url: server.url });
