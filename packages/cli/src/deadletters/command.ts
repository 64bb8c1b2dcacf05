import type { Command } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { brief, indent } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import {
  countOf,
  type DeadLetter,
  deadLetterTable,
  filterOf,
  type FilterFlags,
  filterOptions,
  listDeadLetters,
} from '../remote/dead-letters.ts';
import { print, printJson } from '../output/print.ts';

interface Exchange {
  readonly at: number;
  readonly durationMs: number;
  readonly request: { readonly method: string; readonly url: string; readonly body?: string };
  readonly response?: { readonly status: number; readonly body: string };
  readonly failure?: string;
}

/** `waybill deadletters`: what could not be delivered. */
export function registerDeadletters(program: Command, exit: Exit): void {
  const deadletters = program.command('deadletters').description('items that could not be delivered');
  filterOptions(remoteOptions(deadletters.command('list').description('list them, oldest first')))
    .option('-n, --limit <number>', 'at most this many', '50')
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
  remoteOptions(
    deadletters.command('show').description('one of them, with its requests and answers').argument('<id>'),
  ).action((id: string, flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      const letter = await connect(flags).get<
        DeadLetter & { exchanges?: readonly Exchange[]; remedy?: string }
      >(`/api/dead-letters/${encodeURIComponent(id)}`);
      if (flags.json === true) printJson(letter);
      else print(letterText(letter));
      return EXIT.ok;
    }),
  );
}

function letterText(
  letter: DeadLetter & { readonly exchanges?: readonly Exchange[]; readonly remedy?: string },
): string {
  const { id, code, message, field, remedy, lane, mappingId, messageId, sourceId, at, attempts, payload } =
    letter;
  const title = letter.payloadCut === true ? '  payload (too large to be kept whole)' : '  payload';
  return [
    `dead letter ${id}: ${code}`,
    `  ${visibleLine(message)}`,
    ...(remedy === undefined ? [] : [`  ${remedy}`]),
    `  event        ${visibleLine(`${messageId} from ${sourceId}`)}`,
    `  destination  ${visibleLine(`${lane}, mapping ${mappingId}${field === undefined ? '' : `, field ${field}`}`)}`,
    `  rejected     ${new Date(at).toISOString()} at attempt ${attempts}`,
    ...(payload === undefined ? [] : [title, indent(JSON.stringify(payload, null, 2), '    ')]),
    ...(letter.exchanges ?? []).map(({ request, response, failure }) =>
      [
        `  ${request.method} ${visibleLine(request.url)}`,
        `    sent      ${visibleLine(request.body ?? '')}`,
        response === undefined
          ? `    failed    ${visibleLine(failure ?? '')}`
          : `    answered  ${response.status} ${brief(response.body, 2_000)}`,
      ].join('\n'),
    ),
    `Put it back with: waybill replay ${id}`,
  ].join('\n');
}
