import { probes } from '../probe.ts';
import type { Rule } from '../rule.ts';

/** Reports an action that loses items. */
export const batchOutcomesMissing: Rule = {
  code: 'batch_outcomes_missing',
  severity: 'error',
  summary: 'An action does not return one outcome per item. Tried with a stub: nothing is sent.',
  remedy: 'Return a list with the outcome of every item, in their order.',
  checks: {
    async definition({ code }) {
      const all = code === undefined ? [] : await probes(code);
      return all.flatMap(({ action, empty, items }) =>
        empty.kind === 'count'
          ? [
              {
                place: ['actions', action, 'send'],
                message: `"${action}" returned ${empty.count} outcomes for ${items} items.`,
              },
            ]
          : [],
      );
    },
  },
};
