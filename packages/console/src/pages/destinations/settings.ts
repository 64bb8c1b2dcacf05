import type { Definition } from '@waybill/api';
import type { FieldConditions } from '@waybill/core';

/** Edited settings of a destination, by name. */
export type SettingsDraft = Readonly<Record<string, unknown>>;

/** One setting of a product. */
export type Setting = Definition['settings'][string];

/** Whether a value is the placeholder of a stored secret. */
export function isKept(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$secret' in value;
}

/** Returns the environment variable in a value. */
export function variableOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '$env' in value ? String(value.$env) : undefined;
}

/** Whether a setting applies, given the other settings. */
export function isAsked(field: Setting, draft: SettingsDraft, fields: Definition['settings']): boolean {
  if (field.unsafe_hidden === true) return false;
  const asked = field.depends_on as FieldConditions | undefined;
  if (asked === undefined) return true;
  const holds = asked.conditions.map((one) => {
    if (one.type === 'syncMode') return true;
    const value = draft[one.fieldKey] ?? fields[one.fieldKey]?.default;
    const wanted: readonly unknown[] = Array.isArray(one.value) ? one.value : [one.value];
    return wanted.includes(value) === (one.operator === 'is');
  });
  return asked.match === 'any' ? holds.includes(true) : !holds.includes(false);
}
