import { existsSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Destination } from '@waybill/core';
import { destinations as builtIn } from '@waybill/destinations';
import { duplicate, loadModule, type ModuleFailure } from '@waybill/server';
import { parsePlace } from '@waybill/server';
import type { Found } from './rule.ts';

/** What a module exports that can be checked, or why it cannot be loaded. */
export interface DefinitionModule {
  readonly destinations: readonly Destination[];
  readonly failure: readonly Found[];
}

/** Where Waybill's own destinations lie: read from there, they are no others of the same name. */
const OWN = dirname(dirname(fileURLToPath(import.meta.resolve('@waybill/destinations'))));

const EXTENSIONS = new Set(['.js', '.mjs', '.ts', '.mts']);

/** The absolute path of what is a module file; undefined for a slug or anything else. */
export function modulePath(text: string): string | undefined {
  return EXTENSIONS.has(extname(text)) && existsSync(text) && statSync(text).isFile()
    ? resolve(text)
    : undefined;
}

/** Loads a module and collects the destinations it exports, alone or in lists. Runs the module's code. */
export async function readDefinitionModule(path: string): Promise<DefinitionModule> {
  const loaded = await loadModule(path);
  if (!loaded.ok) return { destinations: [], failure: foundOf(loaded.failure) };
  const { destinations } = loaded;
  const taken = destinations.find((one) => builtIn.some((own) => own.slug === one.slug));
  if (taken === undefined || path.startsWith(OWN)) return { destinations, failure: [] };
  return { destinations, failure: foundOf(duplicate(taken.slug, ' among those of Waybill')) };
}

function foundOf({ message, remedy, issues = [] }: ModuleFailure): readonly Found[] {
  if (issues.length === 0) return [{ place: [], message, remedy }];
  return issues.map((issue) => ({ place: parsePlace(issue.path), message: issue.message, remedy }));
}
