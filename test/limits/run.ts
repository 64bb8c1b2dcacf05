/**
 * Has several processes share a limit of ten calls a second, and counts at the destination how much of it they use, and how many calls it refuses.
 *
 *     npm run shared-limit -- --seconds 60 --processes 3
 *     npm run shared-limit -- --load one
 *
 * With `--load one` all events are of users in the lanes of one process: it has to use what the others do not.
 */
import { parseArgs } from 'node:util';
import { startInstallation } from '../crash/installation.ts';
import { ASKED, measureSharedLimit, usersOf } from './shared.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    processes: { type: 'string', default: '3' },
    load: { type: 'string', default: 'all' },
    partitions: { type: 'string', default: '8' },
  },
});
const installation = await startInstallation(Number(values.processes), Number(values.partitions));
try {
  const seconds = Number(values.seconds);
  const users = values.load === 'one' ? { users: await usersOf(installation, installation.slots[0]!) } : {};
  const { used, refused, calls } = await measureSharedLimit(installation, { seconds, ...users });
  const share = (part: number): string => `${(part * 100).toFixed(2)} %`;
  console.log(
    `${values.processes} processes, ${seconds} s, ${calls} calls: ${share(used)} used, ${share(refused)} refused`,
  );
  process.exitCode = used >= ASKED.used && refused <= ASKED.refused ? 0 : 1;
} finally {
  await installation.close();
}
process.exit();
