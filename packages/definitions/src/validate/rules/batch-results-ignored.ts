import { probes } from '../probe.ts';
import type { Rule } from '../rule.ts';

/** Reports an action that treats a 200 as success of every item. */
export const batchResultsIgnored: Rule = {
  code: 'batch_results_ignored',
  severity: 'warning',
  summary:
    'An action with `batch` reports every item as delivered, whatever the body of a 200 response says. Tried with a stub: nothing is sent.',
  remedy:
    'Read the result of each item from the response; an item without a result is `destination_result_unknown`. If the endpoint accepts a call as a whole or not at all, state the reason in `batch.allOrNothing`.',
  checks: {
    async definition({ code, definition }) {
      const all = code === undefined ? [] : await probes(code);
      return all.flatMap(({ action, batched, empty, failures }) =>
        batched &&
        definition.actions[action]?.batch?.allOrNothing === undefined &&
        empty.kind === 'delivered' &&
        failures.kind === 'delivered'
          ? [
              {
                place: ['actions', action, 'send'],
                message: `"${action}" reports all items as delivered for a 200 response that lists each of them as failed.`,
              },
            ]
          : [],
      );
    },
  },
};
