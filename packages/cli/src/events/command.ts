import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Event } from '@waybill/core';
import { conclude, EXIT, type Exit, printJson } from '../output/exit.ts';
import { indent } from '../output/table.ts';
import { connect, type Remote, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { countOf } from '../remote/dead-letters.ts';

interface LoggedEvent {
  readonly seq: number;
  readonly sourceId: string;
  readonly event: Event;
}

interface Step {
  readonly lane: string;
  readonly mappingId: string;
  readonly status: string;
  readonly attempts: number;
  readonly code?: string;
  readonly message?: string;
  readonly remedy?: string;
  readonly field?: string;
  readonly deadLetterId?: number;
}

interface Story extends LoggedEvent {
  readonly steps: readonly Step[];
}

interface TailFlags extends RemoteFlags {
  readonly limit: string;
  readonly follow?: boolean;
  readonly source?: string;
  readonly name?: string;
  readonly outcomes?: boolean;
}

const PAUSE = 1_000;
const PAGE = 1_000;

/** `waybill events`: what came in, and what became of it. */
export function registerEvents(program: Command, exit: Exit): void {
  const events = program.command('events').description('events of a running server');
  remoteOptions(events.command('tail').description('show the latest events'))
    .option('-n, --limit <number>', 'how many', '20')
    .option('-f, --follow', 'go on with new ones until stopped')
    .option('--source <id>', 'only from this source')
    .option('--name <text>', 'only of this type, or with this event name')
    .option('--outcomes', 'show what became of each')
    .action((flags: TailFlags) => conclude(exit, flags.json, () => tail(flags)));
  remoteOptions(
    events
      .command('show')
      .description('one event: what it was, and what became of it at each destination')
      .argument('<messageId>'),
  ).action((id: string, flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      const story = await storyOf(connect(flags), id);
      if (flags.json === true) printJson(story);
      else console.log(storyText(story));
      return EXIT.ok;
    }),
  );
}

async function tail(flags: TailFlags): Promise<number> {
  const remote = connect(flags);
  const limit = countOf('limit', flags.limit, PAGE);
  const show = async (events: readonly LoggedEvent[]): Promise<void> => {
    for (const one of events.filter((event) => isWanted(event, flags))) await print(one, flags, remote);
  };
  const latest = await remote.get<readonly LoggedEvent[]>('/api/events', { limit });
  await show(latest);
  if (latest.length === 0 && flags.follow !== true && flags.json !== true)
    console.log('There are no events yet.');
  let after = latest.at(-1)?.seq ?? 0;
  while (flags.follow === true) {
    const more = await remote.get<readonly LoggedEvent[]>('/api/events', { after, limit: PAGE });
    await show(more);
    after = more.at(-1)?.seq ?? after;
    if (more.length < PAGE) await pause(PAUSE);
  }
  return EXIT.ok;
}

function isWanted({ sourceId, event }: LoggedEvent, { source, name }: TailFlags): boolean {
  return (
    (source === undefined || sourceId === source) &&
    (name === undefined || event.event === name || event.type === name)
  );
}

async function print(one: LoggedEvent, flags: TailFlags, remote: Remote): Promise<void> {
  const story = flags.outcomes === true ? await storyOf(remote, one.event.messageId) : undefined;
  if (flags.json === true) {
    // One line each: whoever reads them need not wait for the end.
    console.log(JSON.stringify(story ?? one));
    return;
  }
  const { seq, sourceId, event } = one;
  const who = event.userId ?? event.anonymousId ?? '';
  const what = event.event ?? event.name ?? '';
  console.log(
    [
      event.receivedAt.slice(0, 19),
      String(seq).padStart(6),
      sourceId.padEnd(10),
      event.type.padEnd(8),
      what.padEnd(24),
      who.padEnd(16),
      event.messageId,
    ].join('  '),
  );
  if (story !== undefined) console.log(indent(stepsText(story.steps), '    '));
}

async function storyOf(remote: Remote, id: string): Promise<Story> {
  return remote.get<Story>(`/api/events/${encodeURIComponent(id)}`);
}

function storyText({ event, sourceId, steps }: Story): string {
  const name = event.event ?? event.name;
  return [
    `${event.type}${name === undefined ? '' : ` "${name}"`} ${event.messageId} from ${sourceId}, received ${event.receivedAt}`,
    indent(JSON.stringify(event, null, 2)),
    stepsText(steps),
  ].join('\n');
}

function stepsText(steps: readonly Step[]): string {
  if (steps.length === 0) return 'no outcome yet';
  return steps
    .map(({ lane, mappingId, status, code, message, remedy, field, attempts, deadLetterId }) =>
      [
        `${lane}${mappingId === '' ? '' : ` / ${mappingId}`}: ${status}${attempts > 1 ? ` after ${attempts} attempts` : ''}`,
        ...(code === undefined
          ? []
          : [`  ${code}${field === undefined ? '' : ` at ${field}`}: ${message ?? ''}`]),
        ...(remedy === undefined || status === 'skipped' ? [] : [`  ${remedy}`]),
        ...(deadLetterId === undefined ? [] : [`  dead letter ${deadLetterId}`]),
      ].join('\n'),
    )
    .join('\n');
}
