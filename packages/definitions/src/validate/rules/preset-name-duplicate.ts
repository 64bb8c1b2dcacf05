import type { Rule } from '../rule.ts';
import { twicePresets } from '../presets.ts';

/** Reports two presets with the same name. */
export const presetNameDuplicate: Rule = {
  code: 'preset_name_duplicate',
  severity: 'warning',
  summary: 'Two presets of a destination have the same name.',
  remedy: 'Give each preset a unique name: people choose by it.',
  checks: { definition: (subject) => twicePresets(subject, 'name') },
};
