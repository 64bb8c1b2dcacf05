/* Waybill in a separate process, with all processors or without any: `serve.ts <folder> <slugs as JSON> [<URL of an Iterable>]`. */
import { startServer } from '@waybill/server';
import { threadSeconds } from './threads.ts';

const [dataDir, slugs, iterable] = process.argv.slice(2) as [string, string, string?];
/** What has to be set. */
const SETTINGS: Readonly<Record<string, object>> = {
  'consent-gate': { events: ['Abandoned Cart Step', 'Browse Abandoned'] },
};
const processors = (JSON.parse(slugs) as readonly string[]).map((type) => ({
  id: type,
  type,
  settings: SETTINGS[type] ?? {},
}));
const server = await startServer(
  {
    dataDir,
    port: 0,
    logLevel: 'error',
    adminToken: 'token',
    ...(iterable === undefined ? {} : { allowedHosts: [new URL(iterable).host] }),
  },
  JSON.stringify({
    sources: [{ id: 'shop', writeKey: 'demo' }],
    processors,
    destinations: [
      iterable === undefined
        ? { id: 'out', type: 'dummy', settings: {} }
        : {
            id: 'out',
            type: 'iterable',
            settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: iterable },
          },
    ],
  }),
);
process.on('message', (message: 'usage' | 'idle' | 'stop') => {
  if (message === 'stop') void server.stop().then(() => process.exit(0));
  else if (message === 'idle') void server.idle().then(() => process.send!({}));
  else {
    const { user, system } = process.cpuUsage();
    process.send!({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1e6, threads: threadSeconds() });
  }
});
process.send!({ url: server.url });
