import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Action,
  delivered,
  type Destination,
  oauthClientSettings,
  oauthServerSettings,
} from '@waybill/core';
import { type DefinitionData, destinationOf, mapValues } from '../../src/data/definition.ts';
import { check, type Report } from '../../src/validate/check.ts';
import { type Collection, documentOf, emptyCollection } from '../../src/validate/documents.ts';
import { blocksOf } from '../../src/validate/pages.ts';
import { parsePlace } from '../../src/text/place.ts';
import { jsonSource } from '../../src/text/source.ts';

const folder = resolve(import.meta.dirname, '../../../../test/cases/validate');

/** A problem that a case expects. */
export interface Expected {
  readonly code: string;
  readonly path: string;
  /** The text at the line and column of the problem. */
  readonly at: string;
}

/** An invalid document: a valid one with changes, or lines of text. */
export interface Case {
  readonly title: string;
  readonly base?: 'definition' | 'preset' | 'workspace';
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly text?: readonly string[];
  readonly page?: readonly string[];
  /** The folder of a preset file. */
  readonly folder?: string;
  /** Whether the definition is checked in the same call. */
  readonly withDefinition?: boolean;
  readonly code?: keyof typeof BEHAVIOURS;
  /** Paths of fields with a reader of choices. */
  readonly dynamicFields?: readonly string[];
  readonly portable?: boolean;
  readonly expect: readonly Expected[];
}

/** Implementations of `send` for cases. */
const BEHAVIOURS = {
  'answers nothing': async (_items, { request }) => {
    await request({ url: 'https://api.example.com' });
    return [];
  },
  'trusts the status': async (items, { request }) => {
    const answer = await request({ url: 'https://api.example.com', json: items.map((one) => one.payload) });
    return items.map(() =>
      answer.ok ? delivered() : { status: 'retry', code: 'destination_unavailable', message: 'later' },
    );
  },
  'never looks': async (items, { request }) => {
    await request({ url: 'https://api.example.com' });
    return items.map(() => delivered());
  },
} satisfies Record<string, Action['send']>;

/** Reads every case with the name of its file. */
export function readCases(): readonly (readonly [string, Case])[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -5), read(name) as Case]);
}

/** Reads a valid document that cases change. */
export function readBase(name: string): unknown {
  return read(`base/${name}.json`);
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Checks the document of a case like the command. */
export async function checkCase(one: Case): Promise<{ readonly text: string; readonly report: Report }> {
  const text = textOf(one);
  const collection = emptyCollection();
  const good = destinationOf(readBase('definition') as DefinitionData);
  if (one.withDefinition === true) addCode(collection, good);
  if (one.page !== undefined) {
    for (const block of blocksOf('page.md', text)) {
      if (block.kind === 'example') collection.examples.push(block.subject);
    }
  } else if (one.code !== undefined) {
    const destination = destinationOf(JSON.parse(text) as DefinitionData);
    const send: Action['send'] = BEHAVIOURS[one.code];
    const actions = mapValues(destination.actions, (action) => ({
      ...action,
      send,
      dynamicFields: Object.fromEntries(
        (one.dynamicFields ?? []).map((path) => [path, async () => ({ choices: [] })]),
      ),
    }));
    addCode(collection, { ...destination, actions: { upsert: actions['upsert']! }, presets: [] }, text);
  } else {
    collection.documents.push(documentOf(`presets/${one.folder ?? 'acme'}/case.json`, text, one.base));
  }
  const options = one.portable === true ? { portable: true } : {};
  return { text, report: await check(collection, { known: [good, signedIn(good)], ...options }) };
}

/** The same destination, with accounts connected by OAuth. */
function signedIn(good: Destination): Destination {
  const settings = { ...oauthClientSettings, ...oauthServerSettings };
  return { ...good, slug: 'acme-oauth', settings, oauth: { tokenUrl: 'https://acme.example/token' } };
}

function addCode(collection: Collection, destination: Destination, text = '{}'): void {
  const { source } = jsonSource('module.js', text);
  const file = { source, faults: [], kind: undefined, value: undefined, failure: [] };
  collection.modules.push({
    source,
    file: { ...file, source: { name: 'module.js', isFile: true } },
    destinations: [destination],
  });
}

function textOf(one: Case): string {
  const lines = one.text ?? one.page;
  if (lines !== undefined) return lines.join('\n');
  const document = structuredClone(readBase(one.base!)) as Record<string, unknown>;
  for (const [path, value] of Object.entries(one.set ?? {})) change(document, path, value);
  for (const path of one.remove ?? []) change(document, path, undefined);
  return JSON.stringify(document, null, 2);
}

function change(document: Record<string, unknown>, path: string, value: unknown): void {
  const place = parsePlace(path);
  let at = document as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = place.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

/** Returns the text from a line and column on. */
export function textAt(text: string, line: number | undefined, column: number | undefined): string {
  if (line === undefined || column === undefined) return 'no position';
  return (text.split('\n')[line - 1] ?? '').slice(column - 1);
}
