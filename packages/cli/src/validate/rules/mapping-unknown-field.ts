import { RESERVED_MAPPING_KEYS } from '@waybill/core';
import { isDirective } from '../literal.ts';
import type { Fields } from '@waybill/core';
import type { Place } from '../place.ts';
import type { Found, Rule } from '../rule.ts';
import { suggest } from '../suggest.ts';

/** A mapping that fills a field that is not there. */
export const mappingUnknownField: Rule = {
  code: 'mapping_unknown_field',
  severity: 'error',
  summary: 'The mapping of a preset or workspace names a field that the action does not have.',
  remedy: 'Use one of the fields of the action; the message lists them.',
  checks: {
    *mapping({ mapping, action }) {
      if (mapping === undefined || action === undefined || isDirective(mapping.value)) return;
      yield* unknown(mapping.value, action.fields, mapping.place, `"${action.title}" has no field`);
    },
  },
};

function* unknown(
  mapping: Readonly<Record<string, unknown>>,
  fields: Fields,
  place: Place,
  what: string,
): Iterable<Found> {
  for (const [name, value] of Object.entries(mapping)) {
    if (RESERVED_MAPPING_KEYS.has(name) || name.startsWith('__segment_internal_')) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      yield {
        place: [...place, name],
        key: true,
        message: `${what} "${name}"${suggest(name, Object.keys(fields))}`,
      };
    } else if (field.properties !== undefined && field.additionalProperties !== true && isPlain(value)) {
      // What the object does not know is dropped at delivery without a word.
      yield* unknown(value, field.properties, [...place, name], `"${name}" has no member`);
    }
  }
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDirective(value);
}
