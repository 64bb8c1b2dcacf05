import type { Rule } from '../rule.ts';
import { suggest } from '@waybill/core';

/** Reports a preset for an unknown action. */
export const presetUnknownAction: Rule = {
  code: 'preset_unknown_action',
  severity: 'error',
  summary: 'A preset names an action that its destination does not have.',
  remedy: 'Name the key of one of the actions.',
  checks: {
    *preset({ preset, definition, base }) {
      if (definition === undefined || Object.hasOwn(definition.actions, preset.action)) return;
      yield {
        place: [...base, 'action'],
        message: `There is no action "${preset.action}"${suggest(preset.action, Object.keys(definition.actions))}`,
      };
    },
  },
};
