import { suggest, SYNC_MODES } from '@waybill/core';
import type { Rule } from '../rule.ts';

/** Sync modes that nothing can be done with. */
export const syncModeInvalid: Rule = {
  code: 'sync_mode_invalid',
  severity: 'error',
  summary:
    'An action has a sync mode that there is not, the same one twice, or a default that is none of its choices.',
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
            yield { place: at, message: `"${value}" is among the choices already.` };
        }
        const { default: first } = syncMode;
        if (first !== undefined && !values.includes(first))
          yield { place: [...place, 'default'], message: `"${first}" is none of the choices.` };
      }
    },
  },
};
