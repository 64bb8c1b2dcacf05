import type { Rule } from '../rule.ts';

/** Reports a preset file that its destination does not use. */
export const presetFileUnused: Rule = {
  code: 'preset_file_unused',
  severity: 'error',
  summary:
    'A preset file is in the folder of a destination that does not list the preset, or lists it with other content.',
  remedy: 'List the preset in the definition, or remove the file.',
  checks: {
    *definition({ definition, presetFiles }) {
      for (const { preset, source } of presetFiles) {
        const listed = definition.presets?.find((one) => one.slug === preset.slug);
        if (listed === undefined) {
          yield {
            place: ['slug'],
            source,
            message: `"${definition.name}" lists no preset "${preset.slug}".`,
          };
        } else if (JSON.stringify(sorted(listed)) !== JSON.stringify(sorted(preset))) {
          yield {
            place: ['slug'],
            source,
            message: `"${definition.name}" has another preset under this slug.`,
          };
        }
      }
    },
  },
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '$schema');
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]),
  );
}
