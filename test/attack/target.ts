/*
 * A server in a separate process, to be attacked: `node --conditions=source target.ts <configuration as JSON> [workspace]`. Prints
 * its address when it is ready.
 */
import { startServer } from '@waybill/server';

const [config, workspace] = process.argv.slice(2) as [string, string];
const server = await startServer(
  { adminToken: 'token', ...JSON.parse(config), env: (name) => process.env[name] },
  workspace,
);
process.on('SIGTERM', () => {
  void server.stop().then(() => process.exit(0));
});
// The tests may end without having closed it.
process.on('disconnect', () => process.exit(1));
process.send!({ url: server.url });
