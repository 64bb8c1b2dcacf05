import type { Field, Fields } from '@waybill/core';
import type { UpstreamField, UpstreamFields } from '../upstream/types.ts';

/** Words in names of secret settings that some definitions declare as plain strings. */
const SECRET_WORDS = new Set([
  'key',
  'token',
  'secret',
  'password',
  'passphrase',
  'credential',
  'credentials',
  'apikey',
]);

/** Converts the fields of an action; the shape is the same. */
export function adaptFields(fields: UpstreamFields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, adaptField(name, field)]));
}

/** Converts the settings of a destination; a string whose name implies a secret becomes one. */
export function adaptSettings(fields: UpstreamFields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const adapted = adaptField(name, field);
      const secret = adapted.type === 'string' && adapted.choices === undefined && namesSecret(name);
      return [name, secret ? { ...adapted, type: 'password' } : adapted];
    }),
  );
}

function adaptField(name: string, field: UpstreamField): Field {
  const { properties, dynamic, ...rest } = field;
  return {
    ...rest,
    // The published types are those of `Field`; a definition with another type is refused when it is compiled.
    type: field.type as Field['type'],
    label: field.label ?? name,
    description: field.description ?? '',
    ...(properties === undefined ? {} : { properties: adaptFields(properties) }),
    // Hooks and settings have the function itself where a field of an action has a flag.
    ...(dynamic === undefined ? {} : { dynamic: Boolean(dynamic) }),
  } as Field;
}

function namesSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  // "Key ID" and the like name a key without being one.
  return SECRET_WORDS.has((words.at(-1) ?? '').toLowerCase());
}
