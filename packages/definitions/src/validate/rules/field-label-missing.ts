import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports a field without a label. */
export const fieldLabelMissing: Rule = {
  code: 'field_label_missing',
  severity: 'error',
  summary: 'A field or setting has no label.',
  remedy: 'Give it the name that people should see.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        if ((field.label ?? '').trim() !== '') continue;
        yield { place: [...place, 'label'], message: `"${name}" has no label.` };
      }
    },
  },
};
