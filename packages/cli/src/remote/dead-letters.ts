import type { Command } from 'commander';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { table } from '../output/table.ts';
import type { Remote } from './client.ts';

/** A dead letter as the admin API shows it. */
export interface DeadLetter {
  readonly id: number;
  readonly destination: string;
  readonly mappingId: string;
  readonly messageId: string;
  readonly sourceId: string;
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly attempts: number;
  readonly payload?: unknown;
  readonly payloadCut?: boolean;
  readonly replayedAt?: number;
}

/** The flags that choose dead letters. */
export interface FilterFlags {
  readonly destination?: string;
  readonly mapping?: string;
  readonly code?: string;
  readonly source?: string;
  readonly message?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the flags that choose dead letters. */
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
export type Filter = Readonly<Record<string, string>>;

/** The filter that the flags make; a time that is none is refused here, with the name of its flag. */
export function filterOf(flags: FilterFlags): Filter {
  const filter: Record<string, string> = {};
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) filter[name] = value;
  };
  for (const name of ['from', 'to'] as const) {
    const value = flags[name];
    if (value !== undefined && Number.isNaN(Date.parse(value)))
      throw new CommandFailure(`--${name} is "${value}"; it must be an ISO 8601 time.`, EXIT.usage);
    // A time without an offset is one of this machine, not of the server's.
    add(name, value === undefined ? undefined : new Date(value).toISOString());
  }
  add('destination', flags.destination);
  add('mappingId', flags.mapping);
  add('code', flags.code);
  add('sourceId', flags.source);
  add('messageId', flags.message);
  return filter;
}

const PAGE = 1_000;

/** Dead letters that a filter lets through, oldest first, page by page up to a limit. */
export async function listDeadLetters(
  remote: Remote,
  filter: Filter,
  limit: number,
  onPage: (count: number) => void = () => undefined,
): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  while (found.length < limit) {
    const size = Math.min(PAGE, limit - found.length);
    const page = await remote.get<readonly DeadLetter[]>('/api/dead-letters', {
      ...filter,
      limit: size,
      afterId: found.at(-1)?.id,
    });
    found.push(...page);
    onPage(found.length);
    // A page can be shorter than asked for: its bytes are limited too.
    if (page.length === 0) break;
  }
  return found;
}

/** Dead letters as a table. */
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
