import { isRecord, type JsonObject } from '../read.ts';

/** Returns the member at a path; undefined when there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (!isRecord(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  // Exports contain null where the API omits members.
  return here ?? undefined;
}

/** Returns the objects of the list at a path. */
export function list(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** Returns the string at a path; undefined when it is empty or absent. */
export function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  const trimmed = typeof found === 'string' ? found.trim() : '';
  return trimmed === '' ? undefined : trimmed;
}

/** Returns the number at a path. */
export function number(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** Returns a required string of a row. Throws when it is absent. */
export function needed(value: unknown, name: string): string {
  const found = text(value, name);
  if (found === undefined) throw new Error(`The row has no ${name}.`);
  return found;
}

/**
 * Returns a string in the requested language, or the nearest: `de-AT`, `de`, the language of the settings, English, any.
 */
export function localized(value: unknown, ...wanted: readonly (string | undefined)[]): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return text({ value }, 'value');
  if (!isRecord(value)) return undefined;
  const languages = wanted.filter((one) => one !== undefined).flatMap((one) => [one, one.split('-')[0]!]);
  for (const language of [...languages, 'en', ...Object.keys(value)]) {
    const found = text(value, language);
    if (found !== undefined) return found;
  }
  return undefined;
}
