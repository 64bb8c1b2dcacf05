import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports a format that is never checked. */
export const formatNotApplicable: Rule = {
  code: 'format_not_applicable',
  severity: 'error',
  summary: 'A field has a format that its type does not have, so it is never checked.',
  remedy: 'Remove the format, or make the field a string.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        const { type, format } = field;
        if (format === undefined || type === 'string') continue;
        const same =
          (type === 'password' && format === 'password') ||
          (type === 'text' && format === 'text') ||
          (type === 'datetime' && ['date', 'time', 'date-time'].includes(format));
        if (!same) {
          yield {
            place: [...place, 'format'],
            message: `"${name}" is of type ${type}; ${format} is a format of strings.`,
          };
        }
      }
    },
  },
};
