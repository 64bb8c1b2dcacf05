import type { DeletionRecord } from '@waybill/api';
import type { Command } from 'commander';
import { askConfirmation } from '../output/ask.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printError, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { countOf } from '../remote/dead-letters.ts';

interface PersonFlags extends RemoteFlags {
  readonly userId?: string;
  readonly email?: string;
  readonly anonymousId?: string;
}

interface RequestFlags extends PersonFlags {
  readonly suppress: boolean;
  readonly attempt?: string;
  readonly yes?: boolean;
}

type Person = Pick<PersonFlags, 'userId' | 'email' | 'anonymousId'>;
type Answers = NonNullable<DeletionRecord['destinations']>;

/** `waybill deletions`: the record of deletions. */
export function registerDeletions(program: Command, exit: Exit): void {
  const deletions = program
    .command('deletions')
    .description('users who were deleted, and whose events are refused since');
  const one = (name: string, description: string): Command =>
    remoteOptions(deletions.command(name).description(description))
      .option('--user-id <id>', 'user ID')
      .option('--email <address>', 'e-mail address')
      .option('--anonymous-id <id>', 'anonymous ID');
  one('list', 'who was deleted, where and when, newest first; with an identifier, of one user')
    .option('-n, --limit <number>', 'maximum number', '50')
    .action((flags: PersonFlags & { readonly limit: string }) =>
      conclude(exit, flags.json, async () => {
        const query = { ...personOf(flags), limit: countOf('limit', flags.limit, 1_000) };
        const records = await connect(flags).get('/api/deletions', { query });
        if (flags.json === true) printJson(records);
        else print(recordText(records));
        return EXIT.ok;
      }),
    );
  one('request', 'delete a user at every destination that supports it, and refuse their events')
    .option('--no-suppress', 'accept later events of the user')
    .option('--attempt <number>', 'number of the attempt, after a destination could not yet')
    .option('-y, --yes', 'do not ask for confirmation')
    .action((flags: RequestFlags) => conclude(exit, flags.json, () => requestDeletion(flags)));
  one('lift', 'accept events of a user again').action((flags: PersonFlags) =>
    conclude(exit, flags.json, async () => {
      const record = await connect(flags).post('/api/deletions/lift', { body: namedBy(flags) });
      if (flags.json === true) printJson(record);
      else print(`Events of ${visibleLine(nameOf(record))} are accepted again.`);
      return EXIT.ok;
    }),
  );
}

async function requestDeletion(flags: RequestFlags): Promise<number> {
  const who = namedBy(flags);
  const attempt = flags.attempt === undefined ? {} : { attempt: countOf('attempt', flags.attempt, 1_000) };
  if (!(await askConfirmation(`Delete ${nameOf(who)} everywhere?`, flags.yes))) {
    printError('Nothing was deleted.');
    return EXIT.problems;
  }
  const body = { ...who, ...attempt, ...(flags.suppress ? {} : { suppress: false }) };
  const answers = await connect(flags).post('/api/deletions', { body });
  if (flags.json === true) printJson(answers);
  else print(answersText(answers, flags.suppress));
  return answers.every(({ outcome: { status } }) => status === 'delivered' || status === 'skipped')
    ? EXIT.ok
    : EXIT.problems;
}

function personOf({ userId, email, anonymousId }: PersonFlags): Person {
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(email === undefined ? {} : { email }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
  };
}

function namedBy(flags: PersonFlags): Person {
  const person = personOf(flags);
  if (Object.keys(person).length === 0)
    throw new CommandFailure('Name the user: --user-id, --email, --anonymous-id, or several.', EXIT.usage);
  return person;
}

function nameOf({ userId, email, anonymousId }: Person): string {
  return [userId, email, anonymousId].filter((name) => name !== undefined).join(', ');
}

function answersText(answers: Answers, isRefused: boolean): string {
  const lines = answers.map(({ destination, outcome }) => {
    const why = 'code' in outcome ? `: ${outcome.message} (${outcome.code})` : '';
    return visibleLine(`${destination}: ${outcome.status}${why}`);
  });
  const rest = isRefused ? ['Events of the user are refused from now on.'] : [];
  return [...(lines.length === 0 ? ['No destination deletes users.'] : lines), ...rest].join('\n');
}

function recordText(records: readonly DeletionRecord[]): string {
  if (records.length === 0) return 'Nobody was deleted.';
  const rows = records.map((record) => [
    new Date(record.at).toISOString(),
    record.kind,
    nameOf(record),
    record.kind === 'lifted' ? '' : record.suppressed ? 'refused' : 'accepted',
    (record.destinations ?? [])
      .map(({ destination, outcome }) => `${destination} ${outcome.status}`)
      .join(', '),
    record.by,
  ]);
  return table(['at', 'what', 'who', 'events', 'destinations', 'by'], rows);
}
