/** An object of an answer, whose members nobody has checked. */
export type Json = Readonly<Record<string, unknown>>;

/** The member that a path leads to; undefined where it leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (!isJson(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  // Exports write null for what the API leaves out.
  return here ?? undefined;
}

/** Whether a value is an object and no list. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list that a path leads to. */
export function list(value: unknown, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isJson) : [];
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

/** The members that have a value. */
export function known<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

/** The object without members that have no value; undefined when none has one. */
export function some<T extends object>(value: T): T | undefined {
  const kept = known(value);
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** The list; undefined when it is empty. */
export function filled<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

/** The latest of some times. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .reduce((a, b) => (a === undefined || b > a ? b : a), times[0]);
}

/**
 * A text in the language that is wanted, or that is nearest to it: `de-AT`, `de`, the language of the settings, English, any.
 */
export function localized(value: unknown, ...wanted: readonly (string | undefined)[]): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return text({ value }, 'value');
  if (!isJson(value)) return undefined;
  const languages = wanted.filter((one) => one !== undefined).flatMap((one) => [one, one.split('-')[0]!]);
  for (const language of [...languages, 'en', ...Object.keys(value)]) {
    const found = text(value, language);
    if (found !== undefined) return found;
  }
  return undefined;
}
