import { FORMATS } from './formats.ts';
import { sameJson } from './json.ts';
import type { PathStep } from './json.ts';
import { isObject, isOfType } from './model.ts';
import { type Check, MAX_PROBLEMS, type Problem } from './problem.ts';
import type { JsonSchema } from './schema.ts';

type Visit = (value: unknown, path: PathStep[], problems: Problem[]) => void;

/** Length as in JSON Schema: in characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

/** Reads members of one name; inherited members do not count. */
function readerOf(key: string): (value: Readonly<Record<string, unknown>>) => unknown {
  if (key in Object.prototype) return (value) => (Object.hasOwn(value, key) ? value[key] : undefined);
  return (value) => value[key];
}

/** One visitor per keyword of the schema; a keyword ignores values of other types. */
function visitorsOf(schema: JsonSchema): Visit[] {
  const visits: Visit[] = [];
  const add = (fails: (value: unknown) => boolean, problem: Omit<Problem, 'path'>): void => {
    visits.push((value, path, problems) => {
      if (fails(value)) problems.push({ ...problem, path: [...path] });
    });
  };
  const { type, format, minimum, maximum, minLength, maxLength, properties, required, items } = schema;
  if (type !== undefined) {
    const [first, ...others] = (typeof type === 'string' ? [type] : type).map((one) => isOfType[one]);
    add((value) => !first?.(value) && !others.some((test) => test(value)), { kind: 'type' });
  }
  if (format !== undefined && Object.hasOwn(FORMATS, format)) {
    const test = FORMATS[format];
    add((value) => typeof value === 'string' && test?.(value) === false, { kind: 'format' });
  }
  if (minimum !== undefined) {
    add((value) => typeof value === 'number' && !(value >= minimum), { kind: 'minimum', limit: minimum });
  }
  if (maximum !== undefined) {
    add((value) => typeof value === 'number' && !(value <= maximum), { kind: 'maximum', limit: maximum });
  }
  if (minLength !== undefined) {
    add((value) => typeof value === 'string' && lengthOf(value) < minLength, {
      kind: 'minLength',
      limit: minLength,
    });
  }
  if (maxLength !== undefined) {
    add((value) => typeof value === 'string' && lengthOf(value) > maxLength, {
      kind: 'maxLength',
      limit: maxLength,
    });
  }
  if (schema.enum) {
    const choices = schema.enum;
    add((value) => !choices.some((choice) => sameJson(choice, value)), { kind: 'choice' });
  }
  if ('const' in schema) add((value) => !sameJson(schema.const, value), { kind: 'choice' });
  if (required) {
    const readers = required.map((key) => [key, readerOf(key)] as const);
    visits.push((value, path, problems) => {
      if (!isObject(value)) return;
      for (const [key, read] of readers) {
        if (read(value) === undefined) problems.push({ kind: 'required', path: [...path, key] });
      }
    });
  }
  if (schema.additionalProperties === false) {
    const known = new Set(Object.keys(properties ?? {}));
    visits.push((value, path, problems) => {
      if (!isObject(value)) return;
      for (const key of Object.keys(value)) {
        if (!known.has(key)) problems.push({ kind: 'unknown', path: [...path, key] });
      }
    });
  }
  if (properties) visits.push(visitMembers(properties));
  if (items) visits.push(visitElements(items));
  return visits;
}

function visitMembers(properties: Readonly<Record<string, JsonSchema>>): Visit {
  const members = Object.entries(properties).map(([key, schema]) => ({
    key,
    read: readerOf(key),
    visit: visitorOf(schema),
  }));
  return (value, path, problems) => {
    if (!isObject(value)) return;
    for (const { key, read, visit } of members) {
      const member = read(value);
      if (member === undefined) continue;
      path.push(key);
      visit(member, path, problems);
      path.pop();
    }
  };
}

function visitElements(schema: JsonSchema): Visit {
  const visit = visitorOf(schema);
  return (value, path, problems) => {
    if (!Array.isArray(value)) return;
    const list: readonly unknown[] = value;
    for (let index = 0; index < list.length; index += 1) {
      path.push(index);
      visit(list[index], path, problems);
      path.pop();
    }
  };
}

function passes(schema: JsonSchema): (value: unknown) => boolean {
  const visit = visitorOf(schema);
  return (value) => {
    const problems: Problem[] = [];
    visit(value, [], problems);
    return problems.length === 0;
  };
}

function visitCombined(schema: JsonSchema): Visit[] {
  const visits: Visit[] = (schema.allOf ?? []).map(visitorOf);
  if (schema.anyOf) {
    const tests = schema.anyOf.map(passes);
    visits.push((value, path, problems) => {
      if (!tests.some((test) => test(value))) problems.push({ kind: 'choice', path: [...path] });
    });
  }
  if (schema.not) {
    const test = passes(schema.not);
    visits.push((value, path, problems) => {
      if (test(value)) problems.push({ kind: 'choice', path: [...path] });
    });
  }
  if (schema.if && schema.then) {
    const test = passes(schema.if);
    const then = visitorOf(schema.then);
    visits.push((value, path, problems) => {
      if (test(value)) then(value, path, problems);
    });
  }
  return visits;
}

function visitorOf(schema: JsonSchema): Visit {
  const visits = [...visitorsOf(schema), ...visitCombined(schema)];
  const [only] = visits;
  if (only && visits.length === 1) return only;
  return (value, path, problems) => {
    for (const visit of visits) visit(value, path, problems);
  };
}

/**
 * Creates a check without code generation, for pages under a strict content security policy. It supports only the
 * keywords in schemas of fields.
 */
export function closureCheck(schema: JsonSchema): Check {
  const visit = visitorOf(schema);
  return (payload) => {
    const problems: Problem[] = [];
    visit(payload, [], problems);
    return problems.slice(0, MAX_PROBLEMS);
  };
}
