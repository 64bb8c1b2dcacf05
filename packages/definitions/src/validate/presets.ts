import type { DefinitionSubject, Found } from './rule.ts';

/** Finds presets that share a slug or a name with an earlier one; reports the place in their files, if any. */
export function* twicePresets(subject: DefinitionSubject, member: 'slug' | 'name'): Iterable<Found> {
  const seen = new Map<string, string>();
  for (const [index, preset] of (subject.definition.presets ?? []).entries()) {
    const value = preset[member].trim().toLowerCase();
    const file = subject.presetFiles.find((one) => one.preset.slug === preset.slug);
    const where = file?.source.name ?? `presets[${index}]`;
    const other = seen.get(value);
    if (other !== undefined) {
      yield {
        place: file === undefined ? ['presets', index, member] : [...file.base, member],
        ...(file === undefined ? {} : { source: file.source }),
        message: `The ${member} "${preset[member]}" is also that of ${other}.`,
      };
    }
    seen.set(value, where);
  }
}
