import type { Fields } from '@waybill/core';

/** The values of all settings that are secrets, also within objects and lists. */
export function secretsIn(fields: Fields, values: unknown): readonly string[] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([name, value]) => {
    const field = fields[name];
    if (field === undefined) return [];
    const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    if (field.type === 'password' || field.format === 'password') {
      return list.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
    }
    return field.properties === undefined ? [] : list.flatMap((one) => secretsIn(field.properties!, one));
  });
}
