import type { Command } from 'commander';
import type { AnswerOf, Destination } from '@waybill/api';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

/** `waybill destinations`: the destinations of a running server, and whether their settings work. */
export function registerDestinations(program: Command, exit: Exit): void {
  const destinations = program.command('destinations').description('destinations of a running server');
  remoteOptions(destinations.command('list').description('list them')).action((flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      const all = await connect(flags).get('/api/destinations');
      if (flags.json === true) printJson(all);
      else if (all.length === 0) print('There are no destinations yet.');
      else print(listText(all));
      return EXIT.ok;
    }),
  );
  remoteOptions(
    destinations
      .command('test')
      .description('test the settings of a destination with a real call')
      .argument('<id>', 'id of the destination'),
  ).action((id: string, flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      const result = await connect(flags).post('/api/destinations/:id/test', { params: { id } });
      if (flags.json === true) printJson(result);
      else print(resultText(id, result));
      return result.ok ? EXIT.ok : EXIT.problems;
    }),
  );
}

function listText(all: readonly Destination[]): string {
  const rows = all.map(({ id, type, enabled, mappings }) => [
    id,
    type,
    enabled === false ? 'off' : 'on',
    String(mappings.length),
  ]);
  return table(['id', 'type', 'state', 'mappings'], rows);
}

function resultText(id: string, result: AnswerOf<'POST /api/destinations/:id/test'>): string {
  if (result.ok)
    return visibleLine(`${id} works${result.message === undefined ? '.' : `: ${result.message}`}`);
  const { code, path, message } = result.issue;
  return visibleLine(`${id} does not work: ${path === '' ? '' : `${path}: `}${message} (${code})`);
}
