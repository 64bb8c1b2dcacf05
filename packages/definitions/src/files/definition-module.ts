import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Destination, Source, WorkspaceDefinitions } from '@waybill/core';
import { duplicate, loadDefinitions, type ModuleFailure } from '../modules.ts';
import { parsePlace } from '../text/place.ts';
import type { Found } from '../validate/rule.ts';
import { unknownMembers } from './source-members.ts';

/** The exports of a module that can be checked, or why it cannot be loaded. */
export interface DefinitionModule {
  readonly destinations: readonly Destination[];
  readonly sources?: readonly Source[];
  readonly failure: readonly Found[];
}

/** Waybill's own definitions; other definitions must not use the slugs of its destinations. */
export interface Own extends WorkspaceDefinitions {
  readonly destinations: readonly Destination[];
  /** Their folder: definitions from there are not duplicates. */
  readonly folder: string;
}

const EXTENSIONS = new Set(['.js', '.mjs', '.ts', '.mts']);

/** Returns the absolute path of a module file; undefined for a slug or anything else. */
export function modulePath(text: string): string | undefined {
  return EXTENSIONS.has(extname(text)) && existsSync(text) && statSync(text).isFile()
    ? resolve(text)
    : undefined;
}

/**
 * Loads a module, checks the sources and collects the destinations that it exports, singly or in lists. Runs the module's code.
 */
export async function readDefinitionModule(path: string, own: Own): Promise<DefinitionModule> {
  const loaded = await loadDefinitions(path);
  if (!loaded.ok) return { destinations: [], failure: foundOf(loaded.failure) };
  const { destinations, sources } = loaded;
  const isOwn = path.startsWith(own.folder);
  const other = isOwn ? undefined : sources.find((one) => own.sources?.some(({ slug }) => slug === one.slug));
  if (other !== undefined)
    return {
      destinations,
      failure: foundOf(duplicate(other.slug, ' among the definitions of Waybill', 'source')),
    };
  const members = sources.flatMap(unknownMembers);
  if (members.length > 0) return { destinations, failure: members };
  const taken = destinations.find((one) => own.destinations.some(({ slug }) => slug === one.slug));
  if (taken === undefined || isOwn) return { destinations, sources, failure: [] };
  return { destinations, failure: foundOf(duplicate(taken.slug, ' among the definitions of Waybill')) };
}

function foundOf({ message, remedy, issues = [] }: ModuleFailure): readonly Found[] {
  if (issues.length === 0) return [{ place: [], message, remedy }];
  return issues.map((issue) => ({ place: parsePlace(issue.path), message: issue.message, remedy }));
}
