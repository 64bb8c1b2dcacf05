import {
  type ResolvedSource,
  resolveWorkspace,
  type ShopStream,
  type Source,
  type SourceContext,
} from '@waybill/core';
import { createRequest, createTransport, secretsIn } from '@waybill/delivery';
import { previewRows, type RowPreview, wholePage } from '@waybill/ingest';
import { sampleSettings } from '@waybill/testing';
import { hostsOf } from '../author/instance.ts';
import { loadSource } from '../author/load.ts';
import { readJson } from '../author/read.ts';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';

/** The flags of a try of a source. */
export interface SourceFlags {
  readonly source: string;
  readonly stream?: string;
  readonly settings?: string;
  readonly send?: boolean;
  readonly json?: boolean;
}

/** What was read, or why reading failed. */
interface Reading {
  readonly stream: string;
  readonly rows: readonly RowPreview[];
  readonly failure?: { readonly code: string; readonly message: string };
}

/** The number of rows per stream that are read from the shop. */
const MOST = 10;

/** Shows the events of rows: from a file, or, with `--send`, the first of each stream of the shop. Stores nothing. */
export async function testSource(file: string | undefined, flags: SourceFlags): Promise<number> {
  const source = await loadSource(flags.source);
  const { shop } = source;
  if (shop === undefined)
    throw new CommandFailure(
      `"${source.slug}" is not a shop: its streams return events. Try it with its tests, or in a server: "waybill start --source".`,
      EXIT.usage,
    );
  if (flags.stream !== undefined && shop.streams[flags.stream] === undefined)
    throw unknownStream(flags.stream, source);
  if (file === undefined && flags.send !== true)
    throw new CommandFailure(
      'Name a file of rows, such as {"orders": [...]}, or read from the shop with --send and --settings.',
      EXIT.usage,
    );
  const resolved = resolvedSource(source, flags);
  const readings =
    file === undefined
      ? await readingsOf(resolved, flags)
      : await previews(resolved, rowsIn(file, flags, source));
  if (flags.json === true) printJson({ read: file === undefined, results: readings });
  else printReadings(readings);
  const isFine = readings.every(({ rows, failure }) => failure === undefined && rows.every(isGood));
  return isFine ? EXIT.ok : EXIT.problems;
}

const isGood = ({ issues }: RowPreview): boolean => issues.length === 0;

function unknownStream(name: string, source: Source): CommandFailure {
  const known = Object.keys(source.shop!.streams).join(', ');
  return new CommandFailure(`"${source.slug}" has no stream "${name}" (known: ${known}).`, EXIT.usage);
}

/** Sample settings are used if nothing is read. */
function resolvedSource(source: Source, flags: SourceFlags): ResolvedSource {
  const given = flags.settings === undefined ? {} : (readJson(flags.settings) as Record<string, unknown>);
  const settings = { ...(flags.send === true ? {} : sampleSettings(source.settings)), ...given };
  const result = resolveWorkspace(
    { sources: [{ id: source.slug, type: source.slug, settings }], destinations: [] },
    { destinations: [], sources: [source], env: (name) => process.env[name] },
  );
  if (result.ok) return result.value.sources[0]!;
  const text = result.issues.map(({ path, message }) => `${path}: ${message}`).join('\n');
  throw new CommandFailure(`The settings of "${source.slug}" are not complete.\n${text}`, EXIT.problems, {
    issues: result.issues,
  });
}

type RowsOf = readonly (readonly [stream: string, rows: readonly unknown[]])[];

/** The rows of a file: of one stream as a list, or of several by name. */
function rowsIn(file: string, { stream }: SourceFlags, source: Source): RowsOf {
  const read = readJson(file);
  if (stream !== undefined && Array.isArray(read)) return [[stream, read]];
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new CommandFailure(
      `${file} is not an object with a list of rows for each stream; for a single list, add --stream.`,
      EXIT.usage,
    );
  return Object.entries(read as Readonly<Record<string, unknown>>).flatMap(([name, rows]) => {
    if (source.shop!.streams[name] === undefined) throw unknownStream(name, source);
    if (!Array.isArray(rows))
      throw new CommandFailure(`${file}: "${name}" is not a list of rows.`, EXIT.usage);
    return stream === undefined || stream === name ? [[name, rows as readonly unknown[]] as const] : [];
  });
}

async function previews(source: ResolvedSource, all: RowsOf): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for (const [stream, rows] of all)
    readings.push({ stream, rows: await previewRows(source, stream, rows, Date.now) });
  return readings;
}

/** Reads the first rows of each stream from the shop itself. */
async function readingsOf(
  source: ResolvedSource,
  { stream: only }: SourceFlags,
): Promise<readonly Reading[]> {
  const { settings } = source;
  const transport = createTransport({ allowedHosts: hostsOf(settings) });
  const secrets = secretsIn(source.source!.settings, settings);
  const { request } = createRequest({ transport, secrets });
  const context: SourceContext = { settings, request, now: Date.now, memory: new Map() };
  const readings: Reading[] = [];
  try {
    for (const [name, stream] of Object.entries(source.source!.shop!.streams))
      if (stream.page !== undefined && (only === undefined || only === name))
        readings.push(await readingOf(source, name, stream, context));
  } finally {
    transport.close();
  }
  return readings;
}

async function readingOf(
  source: ResolvedSource,
  name: string,
  stream: ShopStream,
  context: SourceContext,
): Promise<Reading> {
  const by = stream.every === undefined ? 'created' : 'changed';
  const limit = Math.min(MOST, stream.pageSize);
  try {
    const page = await wholePage(stream, { by, skip: 0, limit }, context);
    if ('failure' in page) return { stream: name, rows: [], failure: page.failure };
    return { stream: name, rows: await previewRows(source, name, page.rows, Date.now) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { stream: name, rows: [], failure: { code: 'source_failed', message } };
  }
}

function printReadings(readings: readonly Reading[]): void {
  const rows = readings.flatMap(({ stream, rows: read, failure }) => {
    if (failure !== undefined) return [[stream, '', '', `${failure.code}: ${failure.message}`]];
    if (read.length === 0) return [[stream, '', '', 'no rows']];
    return read.map(({ id = '', states, events, issues }) => [
      stream,
      id,
      states.map((state) => state.kind).join(', '),
      issues.length > 0
        ? issues.map(({ code, message }) => `${code}: ${message}`).join('; ')
        : events.map(({ event, type }) => event ?? type).join(', '),
    ]);
  });
  print(table(['stream', 'row', 'states', 'events'], rows));
  print('\nNothing was stored. --json shows states and events whole.');
}
