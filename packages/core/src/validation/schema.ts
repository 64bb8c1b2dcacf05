import type { Field, FieldCondition, FieldConditions, Fields, Json } from '../define/fields.ts';
import { meets } from './conditions.ts';
import { FORMATS } from './formats.ts';
import { type FieldModel, type JsonType, type ObjectModel, readFields } from './model.ts';

/** A JSON Schema, draft 2020-12, with the keywords that fields need. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  type?: JsonType | readonly JsonType[];
  format?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: boolean;
  items?: JsonSchema;
  allOf?: readonly JsonSchema[];
  anyOf?: readonly JsonSchema[];
  not?: JsonSchema;
  if?: JsonSchema;
  then?: JsonSchema;
}

/** Options for the schema of fields. */
export interface SchemaOptions {
  /** Sync mode of the mapping; without one, a condition on the sync mode does not apply. */
  readonly syncMode?: string | undefined;
  /** Settings of the mapping that conditions may name, for example `enable_batching`. */
  readonly settings?: Readonly<Record<string, Json>> | undefined;
  /** Leave out titles, descriptions and defaults. */
  readonly bare?: boolean | undefined;
}

/**
 * An object between the payload and a field; conditions are placed at the innermost one that contains all they read.
 */
interface Scope {
  readonly model: ObjectModel;
  readonly parent: Scope | undefined;
  /** The member of the parent. */
  readonly key: string;
  /** Whether this is an element of a list. */
  readonly list: boolean;
  readonly depth: number;
  readonly rules: JsonSchema[];
}

interface Placed {
  readonly scope: Scope;
  readonly test: JsonSchema;
}

const isText = (field: Field): boolean =>
  field.type === 'string' || field.type === 'text' || field.type === 'password';

function bounds(field: Field): JsonSchema {
  const { minimum, maximum } = field;
  const schema: JsonSchema = {};
  if (isText(field)) {
    if (typeof minimum === 'number') schema.minLength = Math.max(0, Math.ceil(minimum));
    if (typeof maximum === 'number' && maximum >= 0) schema.maxLength = Math.floor(maximum);
  } else if (field.type === 'number' || field.type === 'integer') {
    if (typeof minimum === 'number') schema.minimum = minimum;
    if (typeof maximum === 'number') schema.maximum = maximum;
  }
  return schema;
}

function formatOf(field: Field): string | undefined {
  if (field.type === 'datetime') return 'date-like';
  if (field.type === 'password') return 'password';
  if (!isText(field) || field.type === 'text' || !field.format) return undefined;
  return Object.hasOwn(FORMATS, field.format) || field.format === 'password' ? field.format : undefined;
}

function choicesOf(field: Field): readonly unknown[] | undefined {
  if (!field.choices || field.choices.length === 0) return undefined;
  const values: unknown[] = field.choices.map((choice) =>
    typeof choice === 'string' ? choice : choice.value,
  );
  if (field.allowNull === true) values.push(null);
  return [...new Set(values)];
}

/** A literal default; one in the mapping language is not a value of the field. */
function literalDefault(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => !key.startsWith('@') && literalDefault(inner));
}

function notes({ field }: FieldModel, options: SchemaOptions): JsonSchema {
  if (options.bare === true) return {};
  const schema: JsonSchema = {};
  if (field.label) schema.title = field.label;
  if (field.description) schema.description = field.description;
  if (literalDefault(field.default)) schema.default = field.default;
  return schema;
}

function onlyOne<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? (list[0] as T) : list;
}

function schemaOfField(model: FieldModel, scope: Scope, options: SchemaOptions): JsonSchema {
  const { field } = model;
  const choices = choicesOf(field);
  const inner = (): JsonSchema => {
    if (!model.members) return { type: onlyOne(model.types) };
    const child: Scope = {
      model: model.members,
      parent: scope,
      key: model.name,
      list: model.list,
      depth: scope.depth + 1,
      rules: [],
    };
    return schemaOfObject(child, options);
  };
  if (model.list) {
    const items = inner();
    // Formats and bounds describe a single value; those of a list's elements are not checked, as on Segment.
    if (choices && !model.members) items.enum = choices;
    return { ...notes(model, options), type: 'array', items };
  }
  const schema: JsonSchema = { ...notes(model, options), ...inner(), ...bounds(field) };
  const format = formatOf(field);
  if (format !== undefined) schema.format = format;
  if (choices) schema.enum = choices;
  return schema;
}

function schemaOfObject(scope: Scope, options: SchemaOptions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const model of scope.model.fields.values()) {
    properties[model.name] = schemaOfField(model, scope, options);
    const when = model.field.required;
    if (when === true) required.push(model.name);
    else if (typeof when === 'object') addRule(model.name, when, scope, required, options);
  }
  return {
    type: 'object',
    additionalProperties: scope.model.open,
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(scope.rules.length > 0 ? { allOf: scope.rules } : {}),
  };
}

function addRule(
  key: string,
  when: FieldConditions,
  scope: Scope,
  required: string[],
  options: SchemaOptions,
): void {
  const any = when.match === 'any';
  const placed: Placed[] = [];
  for (const condition of when.conditions) {
    const known = decide(condition, options);
    if (known === undefined) placed.push(place(condition as FieldOnField, scope));
    else if (known && any) return void required.push(key);
    else if (!known && !any) return;
  }
  if (placed.length === 0) {
    // All conditions are known to be true; an empty list of conditions is never true.
    if (!any && when.conditions.length > 0) required.push(key);
    return;
  }
  const groups = [...Map.groupBy(placed, (one) => one.scope)].sort(([a], [b]) => a.depth - b.depth);
  if (any) {
    for (const [anchor, tests] of groups) {
      anchor.rules.push({ if: join('anyOf', tests), then: demand(anchor, scope, key) });
    }
    return;
  }
  // Conditions seen from different objects: the outer one guards the inner one.
  let rule: JsonSchema | undefined;
  let inner = scope;
  for (const [anchor, tests] of groups.reverse()) {
    const then = rule === undefined ? demand(anchor, scope, key) : reach(anchor, inner, { allOf: [rule] });
    rule = { if: join('allOf', tests), then };
    inner = anchor;
  }
  if (rule) inner.rules.push(rule);
}

type FieldOnField = Extract<FieldCondition, { readonly fieldKey: string }>;

/** The result of a condition that does not depend on the payload. */
function decide(condition: FieldCondition, options: SchemaOptions): boolean | undefined {
  if (condition.type === 'syncMode') return meets(condition, options.syncMode);
  const { settings } = options;
  return settings && Object.hasOwn(settings, condition.fieldKey)
    ? meets(condition, settings[condition.fieldKey])
    : undefined;
}

/** Finds the object that a condition reads: from the one around the field's own outwards, then its own. */
function place(condition: FieldOnField, scope: Scope): Placed {
  const segments = condition.fieldKey.split('.');
  const way: Scope[] = [];
  for (let at: Scope | undefined = scope; at; at = at.parent) way.unshift(at);
  const outside = way.slice(0, -1).reverse();
  const first = segments[0] ?? '';
  let anchor = [...outside, scope].find(({ model }) => model.fields.has(first)) ?? outside[0] ?? scope;
  let rest = segments;
  for (;;) {
    const next = way[way.indexOf(anchor) + 1];
    if (!next || rest.length < 2 || next.key !== rest[0]) break;
    anchor = next;
    rest = rest.slice(1);
  }
  return { scope: anchor, test: testOf(condition, rest) };
}

function testOf(condition: FieldOnField, segments: readonly string[]): JsonSchema {
  const { value, operator } = condition;
  if (value === undefined) {
    const hasValue = at(segments, { not: { type: 'null' } });
    return operator === 'is' ? { not: hasValue } : hasValue;
  }
  const equal: JsonSchema = Array.isArray(value) ? oneOf(value as readonly Json[]) : { const: value };
  return at(segments, operator === 'is' ? equal : { not: equal });
}

function oneOf(values: readonly Json[]): JsonSchema {
  // `enum` must not be empty, and a choice among nothing never matches.
  return values.length === 0 ? { not: {} } : { enum: values };
}

/** The schema for a member at a path that exists and matches a schema. */
function at(segments: readonly string[], leaf: JsonSchema): JsonSchema {
  return segments.reduceRight<JsonSchema>(
    (inner, key) => ({ type: 'object', required: [key], properties: { [key]: inner } }),
    leaf,
  );
}

function join(keyword: 'allOf' | 'anyOf', tests: readonly Placed[]): JsonSchema {
  const [first] = tests;
  if (first && tests.length === 1) return first.test;
  return { [keyword]: tests.map(({ test }) => test) };
}

/** The objects between two scopes, without the outer one. */
function between(outer: Scope, inner: Scope): Scope[] {
  const steps: Scope[] = [];
  for (let at = inner; at !== outer && at.parent; at = at.parent) steps.unshift(at);
  return steps;
}

function reach(outer: Scope, inner: Scope, schema: JsonSchema): JsonSchema {
  return between(outer, inner).reduceRight<JsonSchema>(
    (deeper, { key, list }) => ({ properties: { [key]: list ? { items: deeper } : deeper } }),
    schema,
  );
}

/** The schema that requires the field, and with it the objects around it; lists may be empty. */
function demand(outer: Scope, inner: Scope, key: string): JsonSchema {
  return between(outer, inner).reduceRight<JsonSchema>(
    (deeper, step) =>
      step.list
        ? { properties: { [step.key]: { items: deeper } } }
        : { required: [step.key], properties: { [step.key]: deeper } },
    { required: [key] },
  );
}

/** Returns the schema of a payload from a parsed model, without `$schema`. */
export function schemaOfModel(model: ObjectModel, options: SchemaOptions = {}): JsonSchema {
  return schemaOfObject({ model, parent: undefined, key: '', list: false, depth: 0, rules: [] }, options);
}

/**
 * Returns the JSON Schema (draft 2020-12) of the payload of fields. It is plain JSON Schema; the one format that
 * JSON Schema does not define is `date-like`, a moment as a string.
 */
export function fieldsToJsonSchema(fields: Fields, options: SchemaOptions = {}): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...schemaOfModel(readFields(fields), options),
  };
}
