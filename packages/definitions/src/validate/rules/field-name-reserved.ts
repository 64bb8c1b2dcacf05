import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

const SETTINGS_OF_MAPPINGS = new Set(['enable_batching', 'batch_size', 'batch_bytes', 'batch_keys']);

/** Reports a field with a reserved name. */
export const fieldNameReserved: Rule = {
  code: 'field_name_reserved',
  severity: 'error',
  summary:
    'A field of an action has a name that cannot be a field: one that begins with `@` or `__`, or a key that mappings reserve.',
  remedy: 'Rename the field.',
  checks: {
    *definition({ definition }) {
      for (const { name, place, of } of allFields(definition)) {
        if (SETTINGS_OF_MAPPINGS.has(name) || (of === 'setting' && name !== '__proto__')) continue;
        const why = name.startsWith('@')
          ? 'would be interpreted as a directive'
          : name.startsWith('__')
            ? 'is reserved for the mapping itself'
            : name === 'onMappingSave' || name === 'retlOnMappingSave'
              ? 'contains the outputs of hooks'
              : undefined;
        if (why !== undefined) yield { place, key: true, message: `"${name}" ${why}.` };
      }
    },
  },
};
