import { compileTrigger, TriggerError } from '@waybill/core';
import type { Rule } from '../rule.ts';

/** Reports a trigger that cannot be parsed. */
export const triggerInvalid: Rule = {
  code: 'trigger_invalid',
  severity: 'error',
  summary: 'A trigger cannot be parsed; the position is that of the invalid character.',
  remedy: 'Correct the trigger at the mark; docs/triggers.md describes the language.',
  checks: {
    *mapping({ trigger }) {
      if (trigger === undefined) return;
      try {
        compileTrigger(trigger.text, { dialect: trigger.dialect });
      } catch (error) {
        if (!(error instanceof TriggerError)) throw error;
        yield { place: trigger.place, offset: error.offset, message: `${error.message}\n${error.picture}` };
      }
    },
  },
};
