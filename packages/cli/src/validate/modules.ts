import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DefinitionError, type Destination } from '@waybill/core';
import { parsePlace } from './place.ts';
import type { Found } from './rule.ts';

/** What a module exports that can be checked, or why it cannot be loaded. */
export interface DefinitionModule {
  readonly destinations: readonly Destination[];
  readonly failure: readonly Found[];
}

const EXTENSIONS = new Set(['.js', '.mjs', '.ts', '.mts']);

/** The absolute path of what is a module file; undefined for a slug or anything else. */
export function modulePath(text: string): string | undefined {
  return EXTENSIONS.has(extname(text)) && existsSync(text) ? resolve(text) : undefined;
}

/** Loads a module and collects the destinations it exports, alone or in lists. Runs the module's code. */
export async function readDefinitionModule(path: string): Promise<DefinitionModule> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // A module may bring a copy of the core of its own, whose class is another one.
    if (error instanceof DefinitionError || (error instanceof Error && error.name === 'DefinitionError')) {
      const { issues } = error as DefinitionError;
      return {
        destinations: [],
        failure: issues.map(({ path: at, message }) => ({ place: parsePlace(at), message })),
      };
    }
    return {
      destinations: [],
      failure: [{ place: [], message: error instanceof Error ? error.message : String(error) }],
    };
  }
  const destinations = [...new Set(Object.values(exported).flat().filter(isDestination))];
  return destinations.length > 0
    ? { destinations, failure: [] }
    : { destinations, failure: [{ place: [], message: 'The module exports no destination.' }] };
}

function isDestination(value: unknown): value is Destination {
  if (typeof value !== 'object' || value === null) return false;
  const one = value as Partial<Destination>;
  return typeof one.slug === 'string' && typeof one.actions === 'object' && typeof one.settings === 'object';
}
