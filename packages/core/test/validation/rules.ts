import type { Field, FieldCondition, Fields } from '../../src/define/fields.ts';
import { sameJson } from '../../src/validation/json.ts';

/** The listed differences from upstream, as predicates: `docs/compatibility/validation.md` describes each. */
export interface Rule {
  readonly id: string;
  /** Whether the rule may explain a difference for these fields and this raw payload. */
  readonly applies: (fields: Fields, raw: unknown) => boolean;
}

interface Visit {
  readonly field: Field;
  readonly value: unknown;
  /** Depth of the object that holds the field; 0 is the payload. */
  readonly depth: number;
  /** Whether the field is inside the items of a list. */
  readonly inLine: boolean;
  /** The fields next to this one. */
  readonly siblings: Fields;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function walk(fields: Fields, value: unknown, depth = 0, inLine = false): Visit[] {
  if (!isObject(value)) return [];
  return Object.entries(fields).flatMap(([name, field]) => {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    const visit: Visit = { field, value: own, depth, inLine, siblings: fields };
    if (!field.properties) return [visit];
    const properties = field.properties;
    const lines = field.multiple === true || Array.isArray(own) ? [own].flat() : [own];
    return [
      visit,
      ...lines.flatMap((line) => walk(properties, line, depth + 1, inLine || field.multiple === true)),
    ];
  });
}

/** A field as declared, for any payload. */
interface Declared {
  readonly field: Field;
  readonly depth: number;
  readonly inLine: boolean;
}

function declared(fields: Fields, depth = 0, inLine = false): Declared[] {
  return Object.values(fields).flatMap((field) => [
    { field, depth, inLine },
    ...declared(field.properties ?? {}, depth + 1, inLine || field.multiple === true),
  ]);
}

const some = (fields: Fields, raw: unknown, test: (visit: Visit) => boolean): boolean =>
  walk(fields, raw).some(test);

const conditionsOf = (field: Field): readonly FieldCondition[] =>
  typeof field.required === 'object' ? field.required.conditions : [];

const isConditional = (field: Field): boolean => typeof field.required === 'object';

function valueAt(raw: unknown, path: readonly string[]): unknown {
  let value = raw;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value;
}

function fieldAt(fields: Fields, path: readonly string[]): Field | undefined {
  const [first = '', ...rest] = path;
  const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
  if (rest.length === 0) return field;
  return field?.properties ? fieldAt(field.properties, rest) : undefined;
}

/** Whether a path is not a field, so that its value is removed before sending. */
function isRemoved(fields: Fields, path: readonly string[]): boolean {
  const [first = '', ...rest] = path;
  const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
  if (!field) return true;
  if (rest.length === 0 || !field.properties) return false;
  return field.additionalProperties !== true && isRemoved(field.properties, rest);
}

/** Whether a raw value already has the type of its field, so that neither side converts it. */
function fits(field: Field | undefined, value: unknown): boolean {
  if (!field) return true;
  if (field.multiple === true) {
    return Array.isArray(value) && value.every((item) => fits({ ...field, multiple: false }, item));
  }
  switch (field.type) {
    case 'number':
    case 'integer':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return (
        isObject(value) &&
        (!field.properties ||
          Object.entries(value).every(([key, inner]) => {
            const member = fieldAt(field.properties ?? {}, [key]);
            return (member !== undefined || field.additionalProperties === true) && fits(member, inner);
          }))
      );
    case 'datetime':
      return typeof value === 'number' || typeof value === 'string';
    default:
      return typeof value === 'string';
  }
}

function bounded({ field, value }: Visit): boolean {
  if (value === undefined || field.multiple === true) return false;
  const { type, minimum, maximum } = field;
  if (minimum === undefined && maximum === undefined) return false;
  if (type === 'integer' || type === 'text' || type === 'password') return true;
  return (type === 'string' || type === 'number') && (minimum === 0 || maximum === 0);
}

const isNumeric = ({ type }: Field): boolean => type === 'number' || type === 'integer';

function textNoNumber(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(textNoNumber);
  return (
    typeof value === 'string' && value !== '' && (value.trim() === '' || Math.abs(Number(value)) === Infinity)
  );
}

function emptyFor(field: Field, value: unknown): boolean {
  if (value === null)
    return field.allowNull !== true || field.multiple === true || field.properties !== undefined;
  return (
    value === '' &&
    (field.multiple === true || !['string', 'text', 'password', 'datetime'].includes(field.type))
  );
}

/** Every listed difference. */
export const RULES: readonly Rule[] = [
  { id: 'V1', applies: (fields, raw) => some(fields, raw, bounded) },
  {
    id: 'V2',
    applies: (fields, raw) =>
      some(
        fields,
        raw,
        ({ field, siblings, depth, value }) =>
          depth > 0 &&
          field.required === true &&
          (value === undefined || value === null || value === '') &&
          Object.values(siblings).some(isConditional),
      ),
  },
  {
    id: 'V3',
    applies: (fields) => declared(fields).some(({ field, inLine }) => inLine && isConditional(field)),
  },
  {
    id: 'V4',
    applies: (fields) =>
      declared(fields).some(({ field }) =>
        conditionsOf(field).some((one) => one.type === 'syncMode' || Array.isArray(one.value)),
      ),
  },
  {
    id: 'V5',
    applies: (fields, raw) =>
      declared(fields).some(({ field }) =>
        conditionsOf(field).some((one) => {
          if (one.type === 'syncMode') return false;
          const path = one.fieldKey.split('.');
          const value = valueAt(raw, path);
          if (value === undefined) return false;
          if (one.value === undefined) return !value || (Array.isArray(value) && value.length === 1);
          return isRemoved(fields, path) || !fits(fieldAt(fields, path), value);
        }),
      ),
  },
  {
    id: 'V6',
    applies: (fields, raw) =>
      declared(fields).some(({ field, depth }) => {
        const conditions = conditionsOf(field);
        const dotted = conditions.filter((one) => one.type !== 'syncMode' && one.fieldKey.includes('.'));
        return (
          (depth > 0 && conditions.length > 1) ||
          (depth > 1 && conditions.length > 0) ||
          dotted.some((one) => one.value === undefined) ||
          // A dotted path through a value that is not an object: upstream's test passes by default.
          dotted.some((one) => {
            if (one.type === 'syncMode') return false;
            const outer = one.fieldKey.split('.').slice(0, -1);
            const value = valueAt(raw, outer);
            return (
              outer.length > 1 ||
              (value !== undefined && (!isObject(value) || fieldAt(fields, outer)?.multiple === true))
            );
          })
        );
      }),
  },
  {
    id: 'V7',
    applies: (fields, raw) =>
      some(
        fields,
        raw,
        ({ field, value, inLine }) =>
          inLine && (emptyFor(field, value) || (Array.isArray(value) && value.some((one) => !one))),
      ),
  },
  {
    id: 'V8',
    applies: (fields, raw) =>
      some(
        fields,
        raw,
        ({ field, value }) =>
          Array.isArray(value) &&
          (field.multiple === true ? value : [value]).some(
            (list) =>
              Array.isArray(list) &&
              list.length === 1 &&
              (list[0] === null || list[0] === '' || field.allowNull === true || field.type === 'datetime'),
          ),
      ),
  },
  {
    id: 'V9',
    applies: (fields, raw) =>
      some(fields, raw, ({ field, value }) => isNumeric(field) && textNoNumber(value)),
  },
  {
    id: 'V10',
    applies: (fields, raw) =>
      some(fields, raw, ({ field, value, depth }) => depth > 0 && field.multiple === true && isObject(value)),
  },
  {
    id: 'V11',
    applies: (fields, raw) =>
      some(fields, raw, ({ field, value }) => {
        const texts = [value].flat().filter((one) => typeof one === 'string');
        if (field.format === 'ipv4') return texts.some((text) => /(^|\.)0\d/.test(text));
        if (field.format === 'time' || field.format === 'date-time') {
          return texts.some((text) => text.includes(':60') || /[+-]\d\d:?\d\d$/.test(text));
        }
        return texts.some((text) => text.length > 2048);
      }),
  },
];

/** Whether two verdicts are the same answer. */
export function sameVerdict(
  upstream: { readonly ok: boolean; readonly payload?: unknown },
  ours: { readonly ok: boolean; readonly payload?: unknown },
): boolean {
  if (upstream.ok !== ours.ok) return false;
  return !ours.ok || sameJson(upstream.payload, ours.payload);
}
