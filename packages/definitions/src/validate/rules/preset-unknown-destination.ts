import type { Rule } from '../rule.ts';

/** Reports a preset for an unknown destination. */
export const presetUnknownDestination: Rule = {
  code: 'preset_unknown_destination',
  severity: 'error',
  summary: 'A preset file belongs to no known destination, so its action and fields cannot be checked.',
  remedy:
    'Keep preset files in a folder named by the slug of their destination, or name the definition in the same call.',
  checks: {
    *preset({ definition, destination }) {
      if (definition !== undefined) return;
      yield {
        place: [],
        message:
          destination === undefined
            ? 'The destination of this preset is not known.'
            : `The folder has the name "${destination}", and there is no such destination.`,
      };
    },
  },
};
