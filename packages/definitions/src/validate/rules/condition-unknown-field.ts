import { type FieldConditions, type Fields, RESERVED_MAPPING_KEYS } from '@waybill/core';
import { allFields } from '../../data/fields.ts';
import type { Place } from '../../text/place.ts';
import type { Found, Rule } from '../rule.ts';
import { suggest } from '@waybill/core';

/** Reports a condition on an unknown field. */
export const conditionUnknownField: Rule = {
  code: 'condition_unknown_field',
  severity: 'error',
  summary:
    'A condition (`depends_on` or `required`) refers to a field that does not exist, so it is never met.',
  remedy: 'Name a field of the same action; a dotted path reaches into objects.',
  checks: {
    *definition({ definition }) {
      for (const { field, place, scopes } of allFields(definition)) {
        yield* unknown(field.depends_on, scopes, [...place, 'depends_on']);
        if (typeof field.required === 'object')
          yield* unknown(field.required, scopes, [...place, 'required']);
      }
    },
  },
};

function* unknown(
  conditions: FieldConditions | undefined,
  scopes: readonly Fields[],
  place: Place,
): Iterable<Found> {
  for (const [index, condition] of (conditions?.conditions ?? []).entries()) {
    if (condition.type === 'syncMode') continue;
    const at = [...place, 'conditions', index, 'fieldKey'];
    const path = condition.fieldKey as string | undefined;
    if (path !== undefined && RESERVED_MAPPING_KEYS.has(path)) continue;
    if (path === undefined) yield { place: at, message: 'The condition names no field.' };
    else if (!scopes.some((fields) => reaches(fields, path.split('.')))) {
      const known = [...new Set(scopes.flatMap((fields) => Object.keys(fields)))];
      yield { place: at, message: `There is no field "${path}"${suggest(path, known)}` };
    }
  }
}

function reaches(fields: Fields, [first = '', ...rest]: readonly string[]): boolean {
  // Outputs of hooks are addressed like fields.
  if (first === 'onMappingSave' || first === 'retlOnMappingSave') return true;
  const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
  if (field === undefined) return false;
  return rest.length === 0 || field.properties === undefined || reaches(field.properties, rest);
}
