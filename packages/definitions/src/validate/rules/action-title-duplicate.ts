import type { Rule } from '../rule.ts';

/** Reports two actions with the same title. */
export const actionTitleDuplicate: Rule = {
  code: 'action_title_duplicate',
  severity: 'error',
  summary: 'Two actions of a destination have the same title.',
  remedy: 'Give each action a unique title: people choose by it.',
  checks: {
    *definition({ definition }) {
      const titles = new Map<string, string>();
      for (const [key, { title }] of Object.entries(definition.actions)) {
        const other = titles.get(title.trim().toLowerCase());
        if (other !== undefined) {
          yield {
            place: ['actions', key, 'title'],
            message: `The action "${other}" has the same title "${title}".`,
          };
        }
        titles.set(title.trim().toLowerCase(), key);
      }
    },
  },
};
