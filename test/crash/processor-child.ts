/*
 * Replays the recorded day in a separate process from a tick on, and kills itself before or after a commit of a processor:
 * `processor-child.ts <folder> <tick> [<owner> <before|after> <which>]`. It reports each completed tick.
 */
import type { Log } from '@waybill/delivery';
import { liveDay, ticksOfTheDay } from '../day/processed.ts';

const [folder, from, owner, when, which] = process.argv.slice(2) as [
  string,
  string,
  string?,
  string?,
  string?,
];
let left = Number(which);
const kill = (): void => void process.kill(process.pid, 'SIGKILL');

function watched(log: Log): Log {
  const append = async (
    events: never,
    carry?: { readonly lease: { readonly key: string } },
  ): Promise<unknown> => {
    const isMeant = carry?.lease.key === owner && (left -= 1) === 0;
    if (isMeant && when === 'before') kill();
    const appended = await (log.append as (...given: unknown[]) => Promise<unknown>)(
      events,
      ...(carry === undefined ? [] : [carry]),
    );
    if (isMeant) kill();
    return appended;
  };
  return { ...log, append: append as unknown as Log['append'] };
}

await liveDay(folder, ticksOfTheDay(), {
  from: Number(from),
  ...(owner === undefined ? {} : { watched }),
  lived: (tick) => process.send!({ tick }),
});
process.send!({ done: true });
process.disconnect();
