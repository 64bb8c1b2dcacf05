import { compileValidator } from '@waybill/core';
import { parsePlace } from '../place.ts';
import type { Rule } from '../rule.ts';

/** A constant that the field refuses. */
export const mappingValueInvalid: Rule = {
  code: 'mapping_value_invalid',
  severity: 'error',
  summary: 'The mapping of a preset or workspace gives a field a constant that validation refuses.',
  remedy: 'Give a value that fits the field: its type, choices, format and bounds.',
  checks: {
    *mapping({ mapping, action }) {
      if (mapping === undefined || action === undefined) return;
      for (const [name, value] of Object.entries(mapping.value)) {
        const field = Object.hasOwn(action.fields, name) ? action.fields[name] : undefined;
        if (
          field === undefined ||
          value === null ||
          value === undefined ||
          value === '' ||
          hasDirective(value)
        )
          continue;
        const checked = compileValidator({ [name]: { ...field, required: false } })({ [name]: value });
        if (checked.ok) continue;
        for (const { path, message } of checked.issues) {
          yield { place: [...mapping.place, ...parsePlace(path)], message };
        }
      }
    },
  },
};

function hasDirective(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.startsWith('@') || hasDirective(inner));
}
