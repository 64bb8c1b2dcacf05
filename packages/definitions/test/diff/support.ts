import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Workspace } from '@waybill/core';
import type { Version } from '../../src/diff/compare.ts';
import type { Level } from '../../src/diff/change.ts';
import type { DefinitionData } from '../../src/data/definition.ts';
import { parsePlace } from '../../src/text/place.ts';

const cases = resolve(import.meta.dirname, '../../../../test/cases');

/** The edits that make a version from the valid definition. */
interface Edit {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  /** Renames keys. */
  readonly move?: Readonly<Record<string, string>>;
}

/** Two versions of a definition, and the expected difference. */
export interface DiffCase {
  readonly title: string;
  readonly before?: Edit;
  readonly after: Edit;
  readonly expect: readonly { readonly level: Level; readonly code: string; readonly path: string }[];
  /** Changes of the workspace; null removes a member. */
  readonly workspace?: Readonly<Record<string, unknown>>;
  readonly impact?: {
    readonly mappings: number;
    readonly stops: readonly string[];
    readonly differs: readonly string[];
    readonly begins?: readonly string[];
    readonly instances?: readonly string[];
  };
}

/** Reads every case with the name of its file. */
export function readDiffCases(): readonly (readonly [string, DiffCase])[] {
  return readdirSync(join(cases, 'diff'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -5), read(`diff/${name}`) as DiffCase]);
}

/** Returns one version of a case. */
export function versionOf(edit: Edit = {}): Version {
  const definition = edited(read('validate/base/definition.json'), edit) as DefinitionData;
  return new Map([[definition.slug, definition]]);
}

/** Returns the workspace of a case. */
export function workspaceOf(one: DiffCase): Workspace {
  const changes = Object.entries(one.workspace ?? {});
  const edit = {
    set: Object.fromEntries(changes.filter(([, value]) => value !== null)),
    remove: changes.filter(([, value]) => value === null).map(([path]) => path),
  };
  return edited(read('validate/base/workspace.json'), edit) as Workspace;
}

function edited(document: unknown, edit: Edit): unknown {
  for (const [from, to] of Object.entries(edit.move ?? {})) {
    change(document, to, get(document, from));
    change(document, from, undefined);
  }
  for (const [path, value] of Object.entries(edit.set ?? {})) change(document, path, value);
  for (const path of edit.remove ?? []) change(document, path, undefined);
  return document;
}

function get(document: unknown, path: string): unknown {
  return parsePlace(path).reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown>)[key],
    document,
  );
}

function change(document: unknown, path: string, value: unknown): void {
  const place = parsePlace(path);
  const last = place.at(-1)!;
  const at = place
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], document);
  if (value === undefined && Array.isArray(at)) at.splice(Number(last), 1);
  else if (value === undefined) delete (at as Record<string | number, unknown>)[last];
  else (at as Record<string | number, unknown>)[last] = value;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(cases, name), 'utf8'));
}
