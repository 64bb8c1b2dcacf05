import { type Command, Option } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

interface Flags extends RemoteFlags {
  readonly from?: 'state' | 'log';
}

/** `waybill resume`: shows why delivery is paused, and decides where it continues. */
export function registerResume(program: Command, exit: Exit): void {
  remoteOptions(
    program
      .command('resume')
      .description('resume delivery that is paused because the state is older than the log, or show why'),
  )
    .addOption(
      new Option(
        '--from <where>',
        'state: send later events again; log: continue where delivery had stopped',
      ).choices(['state', 'log']),
    )
    .action((flags: Flags) => conclude(exit, flags.json, () => resume(flags)));
}

async function resume(flags: Flags): Promise<number> {
  const remote = connect(flags);
  const before = await remote.get('/api/delivery');
  const from = before.status === 'held' ? flags.from : undefined;
  const now = from === undefined ? before : await remote.post('/api/delivery/resume', { body: { from } });
  if (flags.json === true) printJson(now);
  else if (before.status === 'delivering') print('Nothing is paused: events are delivered.');
  else {
    print(
      table(
        ['destination', 'state', 'log'],
        before.destinations.map(({ destination, cursor, reached }) => [
          destination,
          String(cursor),
          String(reached),
        ]),
      ),
    );
    print(
      from !== undefined
        ? `Delivery continues from the position of the ${from}.`
        : 'Paused: the state is older than the log. Decide with --from state (sends again) or --from log (does not).',
    );
  }
  return now.status === 'held' ? EXIT.problems : EXIT.ok;
}
