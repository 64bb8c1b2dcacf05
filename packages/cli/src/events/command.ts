import { setTimeout as pause } from 'node:timers/promises';
import type { Client, LoggedEvent, Step, Story } from '@waybill/api';
import type { Command } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { brief, indent } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { padded } from '../output/width.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { countOf } from '../remote/dead-letters.ts';
import { colourOutcomes } from '../output/colour.ts';
import { print, printJson, printJsonLine } from '../output/print.ts';

interface TailFlags extends RemoteFlags {
  readonly limit: string;
  readonly follow?: boolean;
  readonly source?: string;
  readonly name?: string;
  readonly outcomes?: boolean;
}

const PAUSE = 1_000;
const PAGE = 1_000;

/** `waybill events`: accepted events and their outcomes. */
export function registerEvents(program: Command, exit: Exit): void {
  const events = program.command('events').description('events of a running server');
  remoteOptions(events.command('tail').description('show the latest events'))
    .option('-n, --limit <number>', 'how many', '20')
    .option('-f, --follow', 'keep printing new events until stopped')
    .option('--source <id>', 'only from this source')
    .option('--name <text>', 'only of this type, or with this event name')
    .option('--outcomes', 'show the outcomes of each')
    .action((flags: TailFlags) => conclude(exit, flags.json, () => tail(flags)));
  remoteOptions(
    events
      .command('show')
      .description('one event, and its outcome at each destination')
      .argument('<messageId>'),
  ).action((id: string, flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      const story = await storyOf(connect(flags), id);
      if (flags.json === true) printJson(story);
      else print(storyText(story), colourOutcomes);
      return EXIT.ok;
    }),
  );
}

async function tail(flags: TailFlags): Promise<number> {
  const remote = connect(flags);
  const limit = countOf('limit', flags.limit, PAGE);
  const show = async (events: readonly LoggedEvent[]): Promise<void> => {
    for (const one of events.filter((event) => isWanted(event, flags))) await printOne(one, flags, remote);
  };
  const found = await remote.get('/api/events', { query: { limit } });
  const latest = found.events.toReversed();
  await show(latest);
  if (latest.length === 0 && flags.follow !== true && flags.json !== true) print('There are no events yet.');
  let after = latest.at(-1)?.seq ?? 0;
  while (flags.follow === true) {
    const {
      events,
      next = after,
      complete,
    } = await remote.get('/api/events', {
      query: { after, limit: PAGE },
    });
    await show(events);
    after = next;
    if (complete) await pause(PAUSE);
  }
  return EXIT.ok;
}

function isWanted({ sourceId, event }: LoggedEvent, { source, name }: TailFlags): boolean {
  return (
    (source === undefined || sourceId === source) &&
    (name === undefined || event.event === name || event.type === name)
  );
}

async function printOne(one: LoggedEvent, flags: TailFlags, remote: Client): Promise<void> {
  const story = flags.outcomes === true ? await storyOf(remote, one.event.messageId) : undefined;
  if (flags.json === true) {
    // One line each, so that readers need not wait for the end.
    printJsonLine(story ?? one);
    return;
  }
  const { seq, sourceId, event } = one;
  const cells = [
    event.receivedAt.slice(0, 19),
    String(seq).padStart(6),
    padded(visibleLine(sourceId), 10),
    event.type.padEnd(8),
    padded(visibleLine(event.event ?? event.name ?? ''), 24),
    padded(visibleLine(event.userId ?? event.anonymousId ?? ''), 16),
    visibleLine(event.messageId),
  ];
  print(cells.join('  '));
  if (story !== undefined) print(indent(stepsText(story.steps), '    '), colourOutcomes);
}

async function storyOf(remote: Client, id: string): Promise<Story> {
  return remote.get('/api/events/:id', { params: { id } });
}

/** Outcomes come first: they are what people want, and payloads are long. */
function storyText({ event, sourceId, steps }: Story): string {
  const name = event.event ?? event.name;
  return [
    `${event.type}${name === undefined ? '' : ` ${brief(name)}`} ${visibleLine(event.messageId)}`,
    `from ${visibleLine(sourceId)}, received ${event.receivedAt}`,
    '',
    stepsText(steps),
    '',
    'The event:',
    indent(JSON.stringify(event, null, 2)),
  ].join('\n');
}

function stepsText(steps: readonly Step[]): string {
  if (steps.length === 0) return 'no outcome yet';
  return steps.map(stepText).join('\n');
}

function stepText(step: Step): string {
  const { destination, mappingId, status, code, message, remedy, field, attempts, deadLetterId } = step;
  const lines = [
    `${destination}${mappingId === '' ? '' : ` / ${mappingId}`}: ${status}${attempts > 1 ? ` after ${attempts} attempts` : ''}`,
  ];
  if (code !== undefined)
    lines.push(`  ${code}${field === undefined ? '' : ` at ${field}`}: ${message ?? ''}`);
  if (remedy !== undefined && status !== 'skipped') lines.push(`  ${remedy}`);
  if (deadLetterId !== undefined) lines.push(`  dead letter ${deadLetterId}`);
  return lines.map(visibleLine).join('\n');
}
