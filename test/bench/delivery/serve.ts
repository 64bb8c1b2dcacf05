/* Waybill in a process of its own: `serve.ts <folder> <destination> <enabled>`. Tells its memory and its work. */
import { startServer } from '@waybill/server';

const [dataDir, destination, enabled] = process.argv.slice(2) as [string, string, string];
const workspace = {
  sources: [{ id: 'shop', writeKey: 'demo' }],
  destinations: [
    {
      id: 'iterable',
      type: 'iterable',
      enabled: enabled === 'true',
      settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: destination },
    },
  ],
};
const server = await startServer(
  {
    dataDir,
    port: 0,
    logLevel: 'error',
    allowedHosts: [new URL(destination).host],
    adminToken: 'token',
    ...(process.env['WAYBILL_STORE'] === undefined
      ? {}
      : { store: process.env['WAYBILL_STORE'], secretKey: 'key of the measurement' }),
  },
  JSON.stringify(workspace),
);
process.on('message', (message: 'usage' | 'stop') => {
  if (message === 'stop') void server.stop().then(() => process.exit(0));
  else {
    const { user, system } = process.cpuUsage();
    process.send!({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1e6 });
  }
});
process.send!({ url: server.url });
