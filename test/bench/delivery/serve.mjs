/*
 * Waybill in a separate process: `serve.mjs <folder> <destination> <enabled>`. Reports its memory and its work. No TypeScript: its
 * loader takes 15 MB, which `waybill start` does not need.
 */
import { startServer } from '@waybill/server';

const [dataDir, destination, enabled] = process.argv.slice(2);
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
process.on('message', (message) => {
  if (message === 'stop') void server.stop().then(() => process.exit(0));
  else {
    const { user, system } = process.cpuUsage();
    process.send({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1e6 });
  }
});
process.send({ url: server.url });
