import { type Command, Option } from 'commander';
import { type MappingConfig, type Workspace, workspaceShapeIssues } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { explanationText } from '../author/explain-text.ts';
import { type Instance, openInstance, startingMappings } from '../author/instance.ts';
import { loadDestination } from '../author/load.ts';
import { readEvents, readJson } from '../author/read.ts';
import { hasProblems, type Tried, type TriedItem, tryEvents } from '../author/try.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { showProgress } from '../output/progress.ts';
import { brief, indent, table } from '../output/table.ts';
import { print, printJson } from '../output/print.ts';
import { testSource } from './source.ts';

interface Flags {
  readonly event?: readonly string[];
  readonly workspace?: string;
  readonly destination?: string;
  readonly source?: string;
  readonly stream?: string;
  readonly mapping?: string;
  readonly preset?: string;
  readonly settings?: string;
  readonly explain?: boolean;
  readonly send?: boolean;
  readonly json?: boolean;
}

/** `waybill test`: the outcomes of events, with reasons; with `--send`, sends them. */
export function registerTest(program: Command, exit: Exit): void {
  program
    .command('test')
    .description(
      'show the requests that events would produce, and why; or the events that rows of a source would',
    )
    .argument(
      '[file]',
      'events as JSON or one per line; - reads standard input. With --source: rows as JSON, by streams',
    )
    .option(
      '-e, --event <name...>',
      'events of the Segment spec by name, such as "Order Completed" or identify',
    )
    .option('-w, --workspace <file>', 'try all destinations of a workspace')
    .option(
      '-d, --destination <module>',
      'try one destination: a module, a folder, or the name of a built-in one',
    )
    .addOption(new Option('-m, --mapping <file>', 'a mapping, or a list of them').conflicts('workspace'))
    .addOption(
      new Option('-p, --preset <slug>', 'a preset of the destination').conflicts(['workspace', 'mapping']),
    )
    .addOption(
      new Option(
        '--source <module>',
        'try a source: a module, a folder, or the name of a built-in one',
      ).conflicts(['workspace', 'destination', 'mapping', 'preset', 'event', 'explain']),
    )
    .addOption(new Option('--stream <name>', 'only this stream of the source'))
    .addOption(
      new Option('-s, --settings <file>', 'settings of the destination, or of the source').conflicts(
        'workspace',
      ),
    )
    .option('--explain', 'show which conditions are true, the value of each field, and cleaned values')
    .option('--send', 'send the requests; with --source: read the first rows of each stream from the shop')
    .option('--json', 'print JSON')
    .action((file: string | undefined, flags: Flags) =>
      conclude(exit, flags.json, () => {
        const { source, ...rest } = flags;
        return source === undefined ? test(file, flags) : testSource(file, { ...rest, source });
      }),
    );
}

async function test(file: string | undefined, flags: Flags): Promise<number> {
  const events = await readEvents(file, flags.event ?? []);
  const instances =
    flags.workspace === undefined ? [await instanceOf(flags)] : workspaceInstances(flags.workspace);
  const send = flags.send ?? false;
  const tried: Tried[] = [];
  for (const instance of instances) {
    const progress = showProgress(events.length, 'events');
    const options = { id: instance.id, send, explain: flags.explain ?? false, progress };
    tried.push(...(await tryEvents(openInstance(instance, send), events, options)));
    progress.stop();
  }
  if (flags.json === true) printJson({ sent: send, results: tried });
  else printTried(tried, flags, instances);
  return hasProblems(tried) ? EXIT.problems : EXIT.ok;
}

async function instanceOf(flags: Flags): Promise<Instance> {
  const destination = await loadDestination(flags.destination);
  return {
    id: destination.slug,
    destination,
    settings: flags.settings === undefined ? {} : (readJson(flags.settings) as Record<string, unknown>),
    mappings: mappingsOf(flags) ?? startingMappings(destination),
  };
}

function mappingsOf({ preset, mapping }: Flags): readonly MappingConfig[] | undefined {
  if (preset !== undefined) return [{ id: preset, preset }];
  if (mapping === undefined) return undefined;
  const read = readJson(mapping);
  const list = (Array.isArray(read) ? read : [read]) as readonly Partial<MappingConfig>[];
  return list.map((one, index) => ({ id: one.action ?? one.preset ?? `mapping-${index + 1}`, ...one }));
}

function workspaceInstances(file: string): readonly Instance[] {
  const workspace = readJson(file) as Workspace;
  const issues = workspaceShapeIssues(workspace);
  if (issues.length > 0) {
    const text = issues.map(({ path, message }) => `${path}: ${message}`).join('\n');
    throw new CommandFailure(`${file} is not a workspace.\n${text}`, EXIT.problems, { issues });
  }
  return workspace.destinations
    .filter(({ enabled }) => enabled !== false)
    .map(({ id, type, settings, mappings }) => {
      const destination = destinations.find(({ slug }) => slug === type);
      if (destination === undefined) throw new CommandFailure(`${file}: there is no destination "${type}".`);
      return { id, destination, settings, mappings: mappings ?? startingMappings(destination) };
    });
}

function printTried(tried: readonly Tried[], flags: Flags, instances: readonly Instance[]): void {
  const several = instances.length > 1;
  const rows = tried.flatMap(({ event, destination, skipped, items }, index) => {
    const about = [
      String(index + 1),
      event.event ?? event.name ?? event.type,
      ...(several ? [destination] : []),
    ];
    if (items.length === 0) return [[...about, '', 'skipped', skipped?.message ?? '']];
    return items.map((item) => [...about, item.mapping, resultOf(item, flags.send), detailOf(item)]);
  });
  print(table(['#', 'event', ...(several ? ['destination'] : []), 'mapping', 'result', 'what'], rows));
  for (const [index, { event, explanation, items }] of tried.entries()) {
    if (explanation !== undefined) {
      print(`\nEvent ${index + 1}, ${event.event ?? event.type}:\n${indent(explanationText(explanation))}`);
    }
    if (flags.explain !== true && tried.length > 1) continue;
    for (const item of items) print(requestsText(item));
  }
  const would = tried.flatMap(({ items }) => items).filter(({ outcome }) => outcome === undefined).length;
  if (flags.send !== true)
    print(`\n${would} of ${rows.length} would be sent. Nothing was sent; use --send to send.`);
  if (flags.explain !== true) print('--explain shows why.');
}

function resultOf({ outcome }: TriedItem, send: boolean | undefined): string {
  if (outcome !== undefined)
    return outcome.status === 'delivered' && send !== true ? 'no request' : outcome.status;
  return 'would send';
}

function detailOf({ outcome, requests }: TriedItem): string {
  if (outcome !== undefined && outcome.status !== 'delivered') return `${outcome.code}: ${outcome.message}`;
  return requests
    .map(({ method, url, body }) => `${method} ${url} ${body === undefined ? '' : brief(body, 120)}`)
    .join(', ');
}

function requestsText({ mapping, requests }: TriedItem): string {
  return requests
    .map(({ method, url, body, response, failure }) =>
      [
        `\n${mapping}: ${method} ${url}`,
        ...(body === undefined ? [] : [indent(JSON.stringify(body, null, 2))]),
        ...(response === undefined ? [] : [`  answered ${response.status} ${brief(response.body, 400)}`]),
        ...(failure === undefined ? [] : [`  ${failure}`]),
      ].join('\n'),
    )
    .join('\n');
}
