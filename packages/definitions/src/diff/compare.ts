import { modeText } from '../page/audience-mode.ts';
import type { DefinitionData } from '../data/definition.ts';
import { compareActions } from './actions.ts';
import { type Change, type ChangeCode, Changes } from './change.ts';
import { compareFields } from './fields.ts';
import { compareOAuth } from './oauth.ts';
import { comparePresets } from './presets.ts';

/** Definitions of one version, by slug. */
export type Version = ReadonlyMap<string, DefinitionData>;

/** Lists every change from one version to another. */
export function compareVersions(before: Version, after: Version): readonly Change[] {
  const changes: Change[] = [];
  for (const [slug, definition] of before) {
    const now = after.get(slug);
    const to = new Changes(slug);
    if (now === undefined)
      to.add('destination_removed', '', `The destination "${definition.name}" was removed.`);
    else compareDefinition(definition, now, to);
    changes.push(...to.list);
  }
  for (const [slug, definition] of after) {
    if (before.has(slug)) continue;
    const to = new Changes(slug);
    to.add('destination_added', '', `The destination "${definition.name}" is new.`);
    changes.push(...to.list);
  }
  return changes;
}

/** What a schema does not contain. */
const UNKNOWN_IN_SCHEMAS: ReadonlySet<ChangeCode> = new Set([
  'default_changed',
  'condition_changed',
  'display_changed',
  'choice_label_changed',
]);

const partials = new WeakSet<DefinitionData>();

/** Marks a definition of which only the fields and presets are known. */
export function partial(definition: DefinitionData): DefinitionData {
  partials.add(definition);
  return definition;
}

/** Compares settings of audiences like other settings. */
function compareAudiences(
  { audiences: before }: DefinitionData,
  { name, audiences: after }: DefinitionData,
  to: Changes,
): void {
  if (before === undefined && after !== undefined)
    to.add('audiences_added', 'audiences', `"${name}" creates audiences.`);
  else if (before !== undefined && after === undefined)
    to.add('audiences_removed', 'audiences', `"${name}" no longer creates audiences.`);
  else compareFields(before ?? {}, after ?? {}, ['audiences'], 'setting', to);
}

function compareAudienceMode(
  { audienceMode: before }: DefinitionData,
  { name, audienceMode: after }: DefinitionData,
  to: Changes,
): void {
  const [from, now] = [modeText(before), modeText(after)];
  if (from === now) return;
  const message = `"${name}" wants members of audiences ${now}, not ${from}.`;
  to.add('audience_mode_changed', 'audienceMode', message, before, after);
}

function compareDefinition(before: DefinitionData, after: DefinitionData, to: Changes): void {
  if (partials.has(before) || partials.has(after)) {
    const known = new Changes(after.slug);
    compareFields(before.settings, after.settings, ['settings'], 'setting', known);
    compareActions(before.actions, after.actions, known, true);
    const [from, now] = [before.presets ?? [], after.presets ?? []];
    // Without files it is unknown whether there were presets.
    if (from.length > 0 && now.length > 0) comparePresets(from, now, known);
    to.list.push(...known.list.filter(({ code }) => !UNKNOWN_IN_SCHEMAS.has(code)));
    return;
  }
  if (before.name !== after.name) {
    const message = `"${before.name}" was renamed to "${after.name}".`;
    to.add('destination_name_changed', 'name', message, before.name, after.name);
  }
  if (before.description !== after.description) {
    to.add('description_changed', 'description', `The description of "${after.name}" changed.`);
  }
  const [from, now] = [before.maxMappings, after.maxMappings];
  if (from !== undefined && now !== undefined && from !== now) {
    const code = now < from ? 'mapping_limit_lowered' : 'mapping_limit_raised';
    to.add(code, 'maxMappings', `An instance may have ${now} mappings, not ${from}.`, from, now);
  }
  if ((before.deletesUsers ?? false) !== (after.deletesUsers ?? false)) {
    const [code, does] =
      after.deletesUsers === true
        ? (['deletion_added', 'deletes'] as const)
        : (['deletion_removed', 'no longer deletes'] as const);
    to.add(code, 'deletesUsers', `"${after.name}" ${does} people on request.`);
  }
  compareOAuth(before.oauth, after.oauth, to);
  compareAudiences(before, after, to);
  compareAudienceMode(before, after, to);
  compareFields(before.settings, after.settings, ['settings'], 'setting', to);
  compareActions(before.actions, after.actions, to);
  comparePresets(before.presets ?? [], after.presets ?? [], to);
}
