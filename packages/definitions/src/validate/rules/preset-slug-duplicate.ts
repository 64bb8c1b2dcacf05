import type { Rule } from '../rule.ts';
import { twicePresets } from '../presets.ts';

/** Reports two presets with the same slug. */
export const presetSlugDuplicate: Rule = {
  code: 'preset_slug_duplicate',
  severity: 'error',
  summary: 'Two presets of a destination have the same slug.',
  remedy: 'Give each preset a unique slug; workspaces refer to it.',
  checks: { definition: (subject) => twicePresets(subject, 'slug') },
};
