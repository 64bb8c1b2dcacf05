import type { WholeDeadLetter } from '@waybill/api';
import { errorEntry } from '@waybill/core';
import type { Command } from 'commander';
import { askConfirmation } from '../output/ask.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { brief, indent } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import {
  countOf,
  deadLetterTable,
  filterOf,
  type FilterFlags,
  filterOptions,
  listDeadLetters,
} from '../remote/dead-letters.ts';
import { print, printError, printJson } from '../output/print.ts';

/** `waybill deadletters`: dead letters. */
export function registerDeadletters(program: Command, exit: Exit): void {
  const deadletters = program
    .command('deadletters')
    .alias('dead-letters')
    .description('items that could not be delivered');
  filterOptions(remoteOptions(deadletters.command('list').description('list them, oldest first')))
    .option('-n, --limit <number>', 'maximum number', '50')
    .action((flags: RemoteFlags & FilterFlags & { limit: string }) =>
      conclude(exit, flags.json, async () => {
        const limit = countOf('limit', flags.limit, 100_000);
        const letters = await listDeadLetters(connect(flags), filterOf(flags), limit);
        if (flags.json === true) printJson(letters);
        else if (letters.length === 0) print('There are no such dead letters.');
        else {
          print(deadLetterTable(letters));
          print(
            letters.length === limit ? `\nThe first ${limit}; -n shows more.` : `\n${letters.length} in all.`,
          );
        }
        return EXIT.ok;
      }),
    );
  registerDelete(deadletters, exit);
  remoteOptions(
    deadletters.command('show').description('one of them, with its requests and responses').argument('<id>'),
  ).action((id: string, flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      const letter = await connect(flags).get('/api/dead-letters/:id', { params: { id } });
      if (flags.json === true) printJson(letter);
      else print(letterText(letter));
      return EXIT.ok;
    }),
  );
}

interface DeleteFlags extends RemoteFlags, FilterFlags {
  readonly all?: boolean;
  readonly replayed?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

function registerDelete(deadletters: Command, exit: Exit): void {
  filterOptions(
    remoteOptions(
      deadletters
        .command('delete')
        .description('delete them permanently; their outcomes stay')
        .argument('[ids...]', 'dead letters to delete; or choose them with flags'),
    ),
  )
    .option('--all', 'every dead letter')
    .option('--replayed', 'those that were replayed too')
    .option('--dry-run', 'count what would be deleted, without deleting it')
    .option('-y, --yes', 'do not ask for confirmation')
    .action((ids: string[], flags: DeleteFlags) =>
      conclude(exit, flags.json, () => deleteLetters(ids, flags)),
    );
}

async function deleteLetters(ids: readonly string[], flags: DeleteFlags): Promise<number> {
  const filter = filterOf(flags);
  const chosen = [ids.length > 0, Object.keys(filter).length > 0, flags.all === true].filter(Boolean).length;
  if (chosen !== 1) {
    throw new CommandFailure(
      'Name dead letters by ID, choose them with flags, or use --all: one of these.',
      EXIT.usage,
    );
  }
  const numbers = ids.map((id) => countOf('id', id, Number.MAX_SAFE_INTEGER));
  const body = {
    ...filter,
    ...(numbers.length > 0 ? { ids: numbers, includeReplayed: true } : {}),
    ...(flags.replayed === true ? { includeReplayed: true } : {}),
    ...(flags.all === true ? { all: true } : {}),
  };
  const remote = connect(flags);
  const forecast = await remote.delete('/api/dead-letters', { body: { ...body, dryRun: true } });
  const deadLetters = 'deadLetters' in forecast ? forecast.deadLetters : 0;
  if (flags.dryRun === true || deadLetters === 0) {
    if (flags.json === true) printJson({ wouldDelete: deadLetters });
    else if (deadLetters === 0) print('There are no such dead letters.');
    else print(`${deadLetters} would be deleted. Nothing was done.`);
    return EXIT.ok;
  }
  if (!(await askConfirmation(`Delete ${deadLetters} permanently?`, flags.yes))) {
    printError('Nothing was deleted.');
    return EXIT.problems;
  }
  const answer = await remote.delete('/api/dead-letters', { body });
  const deleted = 'deleted' in answer ? answer.deleted : 0;
  if (flags.json === true) printJson({ deleted });
  else print(`${deleted} deleted.`);
  return EXIT.ok;
}

function letterText(letter: WholeDeadLetter): string {
  const { id, code, message, field, destination, mappingId, messageId, sourceId, at, attempts, payload } =
    letter;
  const remedy = errorEntry(code)?.remedy;
  const title = letter.payloadCut === true ? '  payload (too large to be stored whole)' : '  payload';
  return [
    `dead letter ${id}: ${code}`,
    `  ${visibleLine(message)}`,
    ...(remedy === undefined ? [] : [`  ${remedy}`]),
    `  event        ${visibleLine(`${messageId} from ${sourceId}`)}`,
    `  destination  ${visibleLine(`${destination}, mapping ${mappingId}${field === undefined ? '' : `, field ${field}`}`)}`,
    `  rejected     ${new Date(at).toISOString()} at attempt ${attempts}`,
    ...(payload === undefined ? [] : [title, indent(JSON.stringify(payload, null, 2), '    ')]),
    ...letter.exchanges.map(({ request, response, failure }) =>
      [
        `  ${request.method} ${visibleLine(request.url)}`,
        `    sent      ${visibleLine(request.body ?? '')}`,
        response === undefined
          ? `    failed    ${visibleLine(failure ?? '')}`
          : `    answered  ${response.status} ${brief(response.body, 2_000)}`,
      ].join('\n'),
    ),
    `Replay it with: waybill replay ${id}`,
  ].join('\n');
}
