import { probes } from '../probe.ts';
import type { Rule } from '../rule.ts';

/** Reports an action that treats a failure as success. */
export const failureIgnored: Rule = {
  code: 'failure_ignored',
  severity: 'error',
  summary:
    'An action reports an item as delivered although every call was answered with 500. Tried with a stub: nothing is sent.',
  remedy: 'Check `ok` of the response, and return `retry` or `rejected`.',
  checks: {
    async definition({ code }) {
      const all = code === undefined ? [] : await probes(code);
      return all.flatMap(({ action, refused }) =>
        refused.kind === 'delivered'
          ? [
              {
                place: ['actions', action, 'send'],
                message: `"${action}" reports items as delivered when the call failed with 500.`,
              },
            ]
          : [],
      );
    },
  },
};
