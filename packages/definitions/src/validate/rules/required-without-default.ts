import { RESERVED_MAPPING_KEYS } from '@waybill/core';
import type { Rule } from '../rule.ts';

/** Reports a required field without a default. */
export const requiredWithoutDefault: Rule = {
  code: 'required_without_default',
  severity: 'warning',
  summary:
    'A required field of an action has no default: every new mapping fails until the field is filled in.',
  remedy: 'Set a default such as the usual property of an event; omit it only if the value cannot be known.',
  checks: {
    *definition({ definition }) {
      for (const [key, action] of Object.entries(definition.actions)) {
        for (const [name, field] of Object.entries(action.fields)) {
          if (field.required !== true || field.default !== undefined || RESERVED_MAPPING_KEYS.has(name))
            continue;
          // Only the user knows which list or segment it is for.
          if (field.dynamic === true || field.choices !== undefined) continue;
          yield {
            place: ['actions', key, 'fields', name],
            key: true,
            message: `"${name}" is required and has no default.`,
          };
        }
      }
    },
  },
};
