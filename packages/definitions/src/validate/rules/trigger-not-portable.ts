import { lintTrigger } from '@waybill/core';
import type { Rule } from '../rule.ts';

/** Reports a trigger that Segment reads differently. */
export const triggerNotPortable: Rule = {
  code: 'trigger_not_portable',
  severity: 'warning',
  portable: true,
  summary: 'Waybill and Segment interpret a trigger differently.',
  remedy:
    'Write it so that both interpret it in the same way; docs/compatibility/trigger.md lists the differences.',
  checks: {
    *mapping({ trigger }) {
      if (trigger?.dialect !== 'waybill') return;
      for (const { code, offset, message } of lintTrigger(trigger.text)) {
        if (code === 'unreadable' || code === 'hosted_only') continue;
        yield { place: trigger.place, offset, message };
      }
    },
  },
};
