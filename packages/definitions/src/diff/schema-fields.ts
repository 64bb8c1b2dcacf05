import type { Field, Fields } from '@waybill/core';

interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
}

/** Reconstructs fields from a generated JSON Schema as far as possible: for versions without metadata. */
export function fieldsOfSchema(schema: Schema): Fields {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, member]) => [
      name,
      fieldOf(member, schema.required?.includes(name) === true),
    ]),
  );
}

function fieldOf(schema: Schema, required: boolean): Field {
  const list = schema.type === 'array';
  const one = list ? (schema.items ?? {}) : schema;
  const types = typeof one.type === 'string' ? [one.type] : [...(one.type ?? [])];
  const minimum = one.minimum ?? one.minLength;
  const maximum = one.maximum ?? one.maxLength;
  return {
    type: typeOf(types, one.format),
    label: schema.title ?? '',
    description: schema.description ?? '',
    ...(required ? { required } : {}),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(list ? { multiple: true } : {}),
    ...(types.includes('null') ? { allowNull: true } : {}),
    ...(one.enum === undefined ? {} : { choices: one.enum.filter((value) => value !== null).map(String) }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(one.format === undefined || one.format === 'date-like' || one.format === 'password'
      ? {}
      : { format: one.format as NonNullable<Field['format']> }),
    ...(one.properties === undefined || Object.keys(one.properties).length === 0
      ? {}
      : { properties: fieldsOfSchema(one), additionalProperties: one.additionalProperties === true }),
  };
}

function typeOf(types: readonly string[], format: string | undefined): Field['type'] {
  if (format === 'date-like') return 'datetime';
  if (format === 'password') return 'password';
  const [type = 'string'] = types.filter((one) => one !== 'null');
  return type as Field['type'];
}
