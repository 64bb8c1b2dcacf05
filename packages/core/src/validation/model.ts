import type { Field, Fields } from '../define/fields.ts';

/** A JSON type, as JSON Schema names it. */
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'null' | 'array';

/** Whether a value is an object in the sense of JSON: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The test of each JSON type. A number that is not finite does not count: JSON cannot express it. */
export const isOfType: Readonly<Record<JsonType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  array: Array.isArray,
  null: (value) => value === null,
};

/** A field as parsed for the steps of validation, without the options of the editor. */
export interface FieldModel {
  readonly name: string;
  readonly field: Field;
  readonly label: string;
  /** Types of one value, in the order in which a conversion is tried. */
  readonly types: readonly JsonType[];
  /** The value is a list. */
  readonly list: boolean;
  /** The members of the value, when the definition lists them. */
  readonly members: ObjectModel | undefined;
}

/** An object with known members. */
export interface ObjectModel {
  /** Whether unknown members are kept. */
  readonly open: boolean;
  readonly fields: ReadonlyMap<string, FieldModel>;
}

function typesOf(field: Field, isObjectWithMembers: boolean): JsonType[] {
  const types = scalarTypes(field);
  // `allowNull` says nothing about the elements of a list, and the members of an object replace its own type.
  return field.allowNull === true && field.multiple !== true && !isObjectWithMembers
    ? [...types, 'null']
    : types;
}

function scalarTypes(field: Field): JsonType[] {
  switch (field.type) {
    case 'string':
    case 'text':
    case 'password':
      return ['string'];
    case 'datetime':
      return ['string', 'number'];
    default:
      return [field.type];
  }
}

function readField(name: string, field: Field): FieldModel {
  // Assigning to this name changes the prototype of an object; no payload can contain it safely.
  if (name === '__proto__') throw new TypeError('A field cannot have the name "__proto__".');
  const members =
    field.type === 'object' && field.properties
      ? readFields(field.properties, field.additionalProperties === true)
      : undefined;
  return {
    name,
    field,
    label: field.label || name,
    types: typesOf(field, members !== undefined),
    list: field.multiple === true,
    members,
  };
}

/** Parses fields into the tree that the steps of validation walk. */
export function readFields(fields: Fields, open = false): ObjectModel {
  return {
    open,
    fields: new Map(Object.entries(fields).map(([name, field]) => [name, readField(name, field)])),
  };
}
