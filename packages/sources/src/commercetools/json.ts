import { isRecord, type JsonObject } from '../read.ts';

/** The member that a path leads to; undefined where it leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (!isRecord(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  // Exports write null for what the API leaves out.
  return here ?? undefined;
}

/** The objects of a list that a path leads to. */
export function list(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** The text that a path leads to; undefined where it says nothing. */
export function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  const trimmed = typeof found === 'string' ? found.trim() : '';
  return trimmed === '' ? undefined : trimmed;
}

/** The number that a path leads to. */
export function number(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** The text that a row cannot be without. Throws where it is absent. */
export function needed(value: unknown, name: string): string {
  const found = text(value, name);
  if (found === undefined) throw new Error(`The row has no ${name}.`);
  return found;
}

/**
 * A text in the language that is wanted, or that is nearest to it: `de-AT`, `de`, the language of the settings, English, any.
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
