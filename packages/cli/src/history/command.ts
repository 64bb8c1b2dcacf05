import type { Change, Version } from '@waybill/api';
import type { Command } from 'commander';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { countOf } from '../remote/dead-letters.ts';

interface Flags extends RemoteFlags {
  readonly limit: string;
  readonly diff?: string;
}

/** The path of versioned resources in the API. */
interface ThingAddress {
  readonly at:
    | '/api/workspace'
    | '/api/sources/:id'
    | '/api/destinations/:id'
    | '/api/destinations/:id/mappings/:mapping';
  readonly params: { readonly id: string; readonly mapping: string };
}

/** `waybill history`: the audit log, versions, and their differences. */
export function registerHistory(program: Command, exit: Exit): void {
  remoteOptions(
    program
      .command('history')
      .description('the changes of the workspace of a running server, or the versions of one item')
      .argument('[thing]', 'workspace, sources/<id>, destinations/<id> or destinations/<id>/mappings/<id>'),
  )
    .option('--limit <n>', 'maximum number', '20')
    .option('--diff <versions>', 'differences between two versions, such as 3..5, or since one, such as 3')
    .action((thing: string | undefined, flags: Flags) =>
      conclude(exit, flags.json, () => history(thing, flags)),
    );
}

async function history(thing: string | undefined, flags: Flags): Promise<number> {
  const remote = connect(flags);
  const query = { limit: countOf('limit', flags.limit, 1_000) };
  if (thing === undefined) {
    if (flags.diff !== undefined)
      throw new CommandFailure(
        'Name the object that --diff compares, such as destinations/shop.',
        EXIT.usage,
      );
    const changes = await remote.get('/api/audit', { query });
    if (flags.json === true) printJson(changes);
    else print(changes.length === 0 ? 'There are no changes yet.' : changesTable(changes));
    return EXIT.ok;
  }
  const place = placeOf(thing);
  if (place === undefined)
    throw new CommandFailure(
      `"${thing}" has no history; name workspace, sources/<id>, destinations/<id> or destinations/<id>/mappings/<id>.`,
      EXIT.usage,
    );
  if (flags.diff === undefined) {
    const versions = await remote.get(`${place.at}/versions`, { params: place.params, query });
    if (flags.json === true) printJson(versions);
    else print(versionsTable(versions));
    return EXIT.ok;
  }
  const [, from, to] = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(flags.diff) ?? [];
  if (from === undefined)
    throw new CommandFailure(`--diff is "${flags.diff}"; it must look like 3..5, or 3.`, EXIT.usage);
  const diff = await remote.get(`${place.at}/diff`, {
    params: place.params,
    query: { from: Number(from), ...(to === undefined ? {} : { to: Number(to) }) },
  });
  if (flags.json === true) printJson(diff);
  else print(diff.text === '' ? 'No differences.' : diff.text);
  return EXIT.ok;
}

/** The path of a resource in the audit log: `destinations/shop/mappings/orders`. */
function placeOf(thing: string): ThingAddress | undefined {
  const [kind = '', id = '', noun = 'mappings', mapping = '', ...more] = thing.split('/');
  const depth = thing.split('/').length;
  if (more.length > 0 || noun !== 'mappings' || /%(?![0-9a-f]{2})/i.test(thing)) return undefined;
  const params = { id: decodeURIComponent(id), mapping: decodeURIComponent(mapping) };
  if (kind === 'workspace' && depth === 1) return { at: '/api/workspace', params };
  if (id === '') return undefined;
  if (kind === 'sources' && depth === 2) return { at: '/api/sources/:id', params };
  if (kind === 'destinations' && depth === 2) return { at: '/api/destinations/:id', params };
  if (kind !== 'destinations' || mapping === '') return undefined;
  return { at: '/api/destinations/:id/mappings/:mapping', params };
}

function changesTable(changes: readonly Change[]): string {
  return table(
    ['change', 'when', 'by', 'from', 'what', 'note'],
    changes.map(({ id, at, by, from, writes, note = '' }) => [
      String(id),
      time(at),
      by,
      from,
      writes.map(({ name, after }) => `${name} ${after === undefined ? '(removed)' : after}`).join(', '),
      note,
    ]),
  );
}

function versionsTable(versions: readonly Version[]): string {
  return table(
    ['version', 'when', 'by', 'from', 'note'],
    versions.map(({ version, at, by, from, removed, note = '' }) => [
      String(version),
      time(at),
      by,
      from,
      removed ? `(removed) ${note}` : note,
    ]),
  );
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
