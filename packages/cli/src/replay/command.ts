import type { BodyOf, Client, DeadLetter } from '@waybill/api';
import type { Command } from 'commander';
import { askConfirmation } from '../output/ask.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import {
  deadLetterTable,
  type Filter,
  filterOf,
  type FilterFlags,
  filterOptions,
  listDeadLetters,
} from '../remote/dead-letters.ts';
import { print, printError, printJson } from '../output/print.ts';

interface Flags extends RemoteFlags, FilterFlags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** The number of rows of a preview. */
const SHOWN = 20;
const MOST = 1_000_000;

/** `waybill replay`: replays dead letters. */
export function registerReplay(program: Command, exit: Exit): void {
  filterOptions(
    remoteOptions(
      program
        .command('replay')
        .description('replay dead letters with the current mappings')
        .argument('[ids...]', 'dead letters to replay; or choose them with flags'),
    ),
  )
    .option('--all', 'every dead letter')
    .option('--dry-run', 'show what would be replayed, without replaying it')
    .option('-y, --yes', 'do not ask for confirmation')
    .action((ids: string[], flags: Flags) => conclude(exit, flags.json, () => replay(ids, flags)));
}

async function replay(ids: readonly string[], flags: Flags): Promise<number> {
  const filter = filterOf(flags);
  const chosen = [ids.length > 0, Object.keys(filter).length > 0, flags.all === true].filter(Boolean).length;
  if (chosen !== 1) {
    throw new CommandFailure(
      'Name dead letters by ID, choose them with flags, or use --all: one of these.',
      EXIT.usage,
    );
  }
  const wrong = ids.find((id) => !/^\d+$/.test(id));
  if (wrong !== undefined) throw new CommandFailure(`"${wrong}" is not the ID of a dead letter.`, EXIT.usage);
  const remote = connect(flags);
  const letters = ids.length > 0 ? await byId(remote, ids) : await listDeadLetters(remote, filter, MOST);
  if (flags.dryRun === true || letters.length === 0) return preview(letters, flags.json);

  const asks = ids.length === 0 && flags.yes !== true;
  if (asks && flags.json !== true) printLetters(letters);
  if (asks && !(await askConfirmation(`Replay ${letters.length}?`, flags.yes))) {
    printError('Nothing was replayed.');
    return EXIT.problems;
  }
  const answer = await remote.post('/api/dead-letters/replay', { body: body(ids, filter) });
  const requeued = 'requeued' in answer ? answer.requeued : 0;
  if (flags.json === true) printJson({ requeued });
  else print(`${requeued} replayed.`);
  return EXIT.ok;
}

function body(ids: readonly string[], filter: Filter): BodyOf<'POST /api/dead-letters/replay'> {
  return ids.length > 0 ? { ids: ids.map(Number) } : filter;
}

async function byId(remote: Client, ids: readonly string[]): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  // Unknown IDs are reported before anything is replayed.
  for (const id of ids) letters.push(await remote.get('/api/dead-letters/:id', { params: { id } }));
  return letters;
}

function preview(letters: readonly DeadLetter[], json: boolean | undefined): number {
  if (json === true) printJson({ wouldReplay: letters.length, ids: letters.map(({ id }) => id) });
  else if (letters.length === 0) print('There are no such dead letters.');
  else {
    printLetters(letters);
    print(`\n${letters.length} would be replayed. Nothing was done.`);
  }
  return EXIT.ok;
}

function printLetters(letters: readonly DeadLetter[]): void {
  print(deadLetterTable(letters.slice(0, SHOWN)));
  if (letters.length > SHOWN) print(`... and ${letters.length - SHOWN} more`);
}
