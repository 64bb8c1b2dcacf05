import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports a setting whose default is computed from an event. */
export const settingDefaultComputed: Rule = {
  code: 'setting_default_computed',
  severity: 'error',
  summary: 'The default of a setting is a directive, but a setting has no event to read.',
  remedy: 'Give the default as a constant.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place, of } of allFields(definition)) {
        if (of !== 'setting' || !hasDirective(field.default)) continue;
        yield {
          place: [...place, 'default'],
          message: `The setting "${name}" has a directive as its default.`,
        };
      }
    },
  },
};

function hasDirective(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.startsWith('@') || hasDirective(inner));
}
