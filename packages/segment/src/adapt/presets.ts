import type { MappingConfig, Preset } from '@waybill/core';
import type { UpstreamDefinition, UpstreamPreset } from '../upstream/types.ts';

/** Converts the presets of a definition, without those for actions that only run in browsers. */
export function adaptPresets(definition: UpstreamDefinition): readonly Preset[] {
  const taken = new Set<string>();
  const presets: Preset[] = [];
  for (const preset of definition.presets ?? []) {
    if (definition.actions[preset.partnerAction] === undefined) continue;
    const adapted = adaptPreset(preset, nameFor(preset.name, taken), definition);
    if (adapted !== undefined) presets.push(adapted);
  }
  return presets;
}

function adaptPreset(
  preset: UpstreamPreset,
  slug: string,
  definition: UpstreamDefinition,
): Preset | undefined {
  const { name, partnerAction: action, mapping = {} } = preset;
  if (preset.type === 'specificEvent') {
    const { eventSlug = '' } = preset;
    return { slug, name, type: 'specificEvent', action, eventSlug, mapping };
  }
  const trigger = preset.subscribe ?? definition.actions[action]?.defaultSubscription;
  if (trigger === undefined || trigger === '') return undefined;
  return { slug, name, type: 'automatic', action, trigger, dialect: 'segment', mapping };
}

function nameFor(name: string, taken: Set<string>): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'preset';
  let slug = base;
  for (let number = 2; taken.has(slug); number += 1) slug = `${base}-${number}`;
  taken.add(slug);
  return slug;
}

/**
 * Returns the mappings of a new instance of a published destination: its automatic presets, with triggers in the dialect of
 * Segment.
 */
export function startingMappings(destination: {
  readonly presets: readonly Preset[];
}): readonly MappingConfig[] {
  return destination.presets
    .filter((preset) => preset.type === 'automatic')
    .map(({ slug }) => ({ id: slug, preset: slug, dialect: 'segment' }));
}
