import type { Preset } from '@waybill/core';
import { type Changes, same } from './change.ts';
import { sameTrigger } from './triggers.ts';

/** Compares the presets of a destination, by slug. */
export function comparePresets(before: readonly Preset[], after: readonly Preset[], to: Changes): void {
  for (const preset of before) {
    const path = `presets.${preset.slug}`;
    const now = after.find((one) => one.slug === preset.slug);
    if (now === undefined) to.add('preset_removed', path, `The preset "${preset.name}" was removed.`);
    else comparePreset(preset, now, path, to);
  }
  for (const preset of after) {
    if (before.some((one) => one.slug === preset.slug)) continue;
    const code = preset.type === 'automatic' ? 'automatic_preset_added' : 'preset_added';
    to.add(code, `presets.${preset.slug}`, `The preset "${preset.name}" is new.`);
  }
}

function comparePreset(before: Preset, after: Preset, path: string, to: Changes): void {
  const { name } = after;
  if (before.action !== after.action) {
    const message = `"${name}" was for the action "${before.action}" and is for "${after.action}".`;
    to.add('preset_action_changed', `${path}.action`, message, before.action, after.action);
  }
  if (before.type !== after.type) {
    const how = after.type === 'automatic' ? 'now created automatically' : 'no longer created automatically';
    to.add('preset_type_changed', `${path}.type`, `"${name}" is ${how}.`, before.type, after.type);
  } else if (before.type === 'automatic' && after.type === 'automatic') {
    if (!sameTrigger(before.trigger, after.trigger)) {
      const message = `"${name}" matches other events.`;
      to.add('preset_trigger_changed', `${path}.trigger`, message, before.trigger, after.trigger);
    }
  } else if (before.type === 'specificEvent' && after.type === 'specificEvent') {
    if (before.eventSlug !== after.eventSlug) {
      const message = `"${name}" is for another kind of event.`;
      to.add('preset_event_changed', `${path}.eventSlug`, message, before.eventSlug, after.eventSlug);
    }
  }
  for (const field of new Set([...Object.keys(before.mapping), ...Object.keys(after.mapping)])) {
    const [from, now] = [before.mapping[field], after.mapping[field]];
    if (same(from, now)) continue;
    const what =
      from === undefined ? 'now fills' : now === undefined ? 'no longer fills' : 'fills differently';
    to.add('preset_mapping_changed', `${path}.mapping.${field}`, `"${name}" ${what} "${field}".`, from, now);
  }
  if (before.name !== after.name) {
    to.add(
      'preset_name_changed',
      path,
      `"${before.name}" was renamed to "${after.name}".`,
      before.name,
      after.name,
    );
  }
}
