import type { Rule } from '../rule.ts';
import { suggest } from '@waybill/core';

/** Reports a delta field that is not an object with members. */
export const deltaFieldInvalid: Rule = {
  code: 'delta_field_invalid',
  severity: 'error',
  summary: 'An action names as `delta` a field that does not exist or is not an object.',
  remedy: 'Name an object field of the action.',
  checks: {
    *definition({ definition }) {
      for (const [key, { delta, fields }] of Object.entries(definition.actions)) {
        if (delta === undefined) continue;
        const place = ['actions', key, 'delta', 'fields'];
        const field = Object.hasOwn(fields, delta.fields) ? fields[delta.fields] : undefined;
        if (field === undefined) {
          const known = Object.keys(fields);
          yield { place, message: `There is no field "${delta.fields}"${suggest(delta.fields, known)}` };
        } else if (field.type !== 'object' || field.multiple === true) {
          yield { place, message: `"${delta.fields}" is not an object.` };
        }
      }
    },
  },
};
