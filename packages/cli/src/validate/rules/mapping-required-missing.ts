import { type Field, type Fields, RESERVED_MAPPING_KEYS } from '@waybill/core';
import { isDirective } from '../literal.ts';
import type { Place } from '../place.ts';
import type { Found, MappingSubject, Rule } from '../rule.ts';

/** A mapping whose every payload is refused. */
export const mappingRequiredMissing: Rule = {
  code: 'mapping_required_missing',
  severity: 'error',
  summary:
    'A mapping leaves a required field out: every payload is refused. In a preset, fields that have no default are left to the one who sets it up.',
  remedy: 'Map the field.',
  checks: {
    *mapping({ of, mapping, action }) {
      if (mapping === undefined || action === undefined || of === 'page') return;
      if (isDirective(mapping.whole) || '__segment_internal_directive' in mapping.whole) return;
      yield* missing(action.fields, mapping.whole, mapping.place, of);
    },
  },
};

function* missing(
  fields: Fields,
  mapping: Readonly<Record<string, unknown>>,
  place: Place,
  of: MappingSubject['of'],
  top = true,
): Iterable<Found> {
  for (const [name, field] of Object.entries(fields)) {
    if (RESERVED_MAPPING_KEYS.has(name)) continue;
    const value = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
    if (value === undefined || value === null) {
      if (field.required !== true || (top && of === 'preset' && field.default === undefined)) continue;
      yield {
        place: [...place, name],
        message: `The required ${top ? 'field' : 'member'} "${name}" is not mapped.`,
      };
    } else yield* within(field, value, [...place, name], of);
  }
}

/** Looks into objects and into the shape of the items of a list. */
function* within(field: Field, value: unknown, place: Place, of: MappingSubject['of']): Iterable<Found> {
  if (field.properties === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* within(field, one, [...place, index], of);
    return;
  }
  const shape = (value as { readonly '@arrayPath'?: unknown })['@arrayPath'];
  if (Array.isArray(shape)) {
    const item: unknown = shape[1];
    if (typeof item === 'object' && item !== null && Object.keys(item).length > 0 && !isDirective(item)) {
      yield* within(field, item, [...place, '@arrayPath', 1], of);
    }
    return;
  }
  if (isDirective(value)) return;
  yield* missing(field.properties, value as Readonly<Record<string, unknown>>, place, of, false);
}
