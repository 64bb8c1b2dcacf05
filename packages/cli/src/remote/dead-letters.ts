import type { BodyOf, Client, DeadLetter, QueryOf } from '@waybill/api';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { table } from '../output/table.ts';

/** The flags that select dead letters. */
export interface FilterFlags {
  readonly destination?: string;
  readonly mapping?: string;
  readonly code?: string;
  readonly source?: string;
  readonly message?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the flags that select dead letters. */
export function filterOptions(command: Command): Command {
  return command
    .option('--destination <id>', 'of this destination')
    .option('--mapping <id>', 'of this mapping')
    .option('--code <code>', 'with this reason, such as destination_rejected')
    .option('--source <id>', 'of events from this source')
    .option('--message <id>', 'of the event with this messageId')
    .option('--from <time>', 'rejected at or after this ISO 8601 time')
    .option('--to <time>', 'rejected at or before this ISO 8601 time');
}

/** A filter of the admin API. */
export type Filter = Pick<
  BodyOf<'POST /api/dead-letters/replay'>,
  'destination' | 'mappingId' | 'code' | 'sourceId' | 'messageId' | 'from' | 'to'
>;

/** Returns the filter of the flags; an invalid time is refused, with the name of its flag. */
export function filterOf(flags: FilterFlags): Filter {
  const { destination, mapping: mappingId, code, source: sourceId, message: messageId } = flags;
  const given = { destination, mappingId, code, sourceId, messageId };
  const times = { from: timeOf('from', flags.from), to: timeOf('to', flags.to) };
  return Object.fromEntries(
    Object.entries({ ...given, ...times }).filter(([, value]) => value !== undefined),
  );
}

/** A time without an offset is in the time zone of this machine, not the server's. */
function timeOf(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (Number.isNaN(Date.parse(value)))
    throw new CommandFailure(`--${name} is "${value}"; it must be an ISO 8601 time.`, EXIT.usage);
  return new Date(value).toISOString();
}

const PAGE = 1_000;

/** Yields dead letters that match a filter, oldest first, page by page up to a limit. */
export async function listDeadLetters(
  remote: Client,
  filter: QueryOf<'GET /api/dead-letters'>,
  limit: number,
  onPage: (count: number) => void = () => undefined,
): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  while (found.length < limit) {
    const size = Math.min(PAGE, limit - found.length);
    const afterId = found.at(-1)?.id;
    const after = afterId === undefined ? {} : { afterId };
    const page = await remote.get('/api/dead-letters', { query: { ...filter, limit: size, ...after } });
    found.push(...page);
    onPage(found.length);
    // A page can be shorter than requested: its bytes are limited too.
    if (page.length === 0) break;
  }
  return found;
}

/** Formats dead letters as a table. */
export function deadLetterTable(letters: readonly DeadLetter[]): string {
  return table(
    ['id', 'when', 'destination', 'mapping', 'event', 'reason', 'message'],
    letters.map(({ id, at, destination, mappingId, messageId, code, message, field }) => [
      String(id),
      new Date(at).toISOString().slice(0, 19),
      destination,
      mappingId,
      messageId,
      code,
      field === undefined ? message : `${field}: ${message}`,
    ]),
  );
}

/** Reads a number of dead letters or events from a flag. */
export function countOf(name: string, text: string, most: number): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > most)
    throw new CommandFailure(`--${name} is "${text}"; it must be a number from 1 to ${most}.`, EXIT.usage);
  return count;
}
