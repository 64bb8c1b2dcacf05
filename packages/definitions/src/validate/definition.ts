import type { Destination, Source } from '@waybill/core';
import { hasCode } from '../data/definition.ts';
import { check, type CheckOptions, type Report } from './check.ts';
import { documentOf, emptyCollection } from './documents.ts';

/** Options for checking a definition. */
export interface ValidateOptions extends Partial<CheckOptions> {
  /** Its name in problems; its slug, or `definition`, when absent. */
  readonly name?: string;
}

/**
 * Checks one definition: with its code, or as data in the form of `schemas/definition.json` or of metadata. Rules run parts of
 * its code, without network access.
 */
export async function validateDefinition(
  definition: unknown,
  { name = slugOf(definition) ?? 'definition', ...options }: ValidateOptions = {},
): Promise<Report> {
  const collection = emptyCollection();
  if (hasCode(definition)) {
    collection.modules.push(builtIn(name, definition));
  } else {
    const document = documentOf(name, JSON.stringify(definition) ?? 'null', undefined);
    const kind = document.kind === 'metadata' ? document.kind : 'definition';
    collection.documents.push({ ...document, kind, file: { ...document.file, kind } });
  }
  return check(collection, { known: [], ...options });
}

/** A destination that was not read from a file. */
export function builtIn(
  name: string,
  destination: Destination | undefined,
): ReturnType<typeof emptyCollection>['modules'][number] {
  const source = { name, isFile: false };
  const file = { source, faults: [], kind: undefined, value: undefined };
  return { source, file, destinations: destination === undefined ? [] : [destination] };
}

/** A source that was not read from a file. */
export function builtInSource(
  name: string,
  code: Source,
): ReturnType<typeof emptyCollection>['modules'][number] {
  return { ...builtIn(name, undefined), sources: [code] };
}

function slugOf(definition: unknown): string | undefined {
  const { slug } = (definition ?? {}) as { readonly slug?: unknown };
  return typeof slug === 'string' ? slug : undefined;
}
