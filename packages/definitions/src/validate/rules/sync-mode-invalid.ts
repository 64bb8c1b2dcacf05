import { suggest, SYNC_MODES } from '@waybill/core';
import type { Rule } from '../rule.ts';

/** Reports invalid sync modes. */
export const syncModeInvalid: Rule = {
  code: 'sync_mode_invalid',
  severity: 'error',
  summary:
    'An action has an unknown sync mode, the same mode twice, or a default that is not one of its choices.',
  remedy: 'Offer some of add, update, upsert, delete and mirror, each once, and one of them as the default.',
  checks: {
    *definition({ definition }) {
      for (const [key, { syncMode }] of Object.entries(definition.actions)) {
        if (syncMode === undefined) continue;
        const place = ['actions', key, 'syncMode'];
        const values = syncMode.choices.map(({ value }) => value);
        for (const [index, value] of values.entries()) {
          const at = [...place, 'choices', index, 'value'];
          if (!SYNC_MODES.some((mode) => mode === value))
            yield { place: at, message: `There is no sync mode "${value}"${suggest(value, SYNC_MODES)}` };
          else if (values.indexOf(value) < index)
            yield { place: at, message: `"${value}" is already among the choices.` };
        }
        const { default: first } = syncMode;
        if (first !== undefined && !values.includes(first))
          yield { place: [...place, 'default'], message: `"${first}" is not one of the choices.` };
      }
    },
  },
};
