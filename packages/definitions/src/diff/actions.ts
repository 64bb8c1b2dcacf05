import type { ActionData } from '../data/definition.ts';
import { formatPlace } from '../text/place.ts';
import { HOOKS, likeness } from '@waybill/core';
import type { Changes } from './change.ts';
import { compareFields } from './fields.ts';
import { renames } from './rename.ts';
import { sameTrigger } from './triggers.ts';

type Actions = Readonly<Record<string, ActionData>>;

/** Compares the actions of a destination, by key; of older versions, possibly only the fields are known. */
export function compareActions(before: Actions, after: Actions, to: Changes, fieldsOnly = false): void {
  const gone = only(before, after);
  const added = only(after, before);
  const renamed = renames(gone, added, alikeActions);
  const taken = new Set(renamed.values());
  for (const [key, action] of Object.entries(gone)) {
    const next = renamed.get(key);
    const path = formatPlace(['actions', key]);
    if (next === undefined) to.add('action_removed', path, `The action "${action.title}" was removed.`);
    else {
      to.add('action_renamed', path, `The action "${key}" was renamed to "${next}".`, key, next);
      compareAction(action, added[next]!, next, to, fieldsOnly);
    }
  }
  for (const [key, action] of Object.entries(added)) {
    if (taken.has(key)) continue;
    to.add('action_added', formatPlace(['actions', key]), `The action "${action.title}" is new.`);
  }
  for (const [key, action] of Object.entries(before)) {
    const now = Object.hasOwn(after, key) ? after[key] : undefined;
    if (now !== undefined) compareAction(action, now, key, to, fieldsOnly);
  }
}

function compareAction(
  before: ActionData,
  after: ActionData,
  key: string,
  to: Changes,
  fieldsOnly: boolean,
): void {
  compareFields(before.fields, after.fields, ['actions', key, 'fields'], 'field', to);
  if (fieldsOnly) return;
  const path = formatPlace(['actions', key]);
  compareTrigger(before, after, path, to);
  compareBatch(before, after, path, to);
  compareSyncMode(before, after, path, to);
  compareHooks(before, after, key, to);
  if (before.title !== after.title) {
    to.add(
      'label_changed',
      path,
      `"${before.title}" was renamed to "${after.title}".`,
      before.title,
      after.title,
    );
  }
  if (before.description !== after.description) {
    to.add('description_changed', path, `The description of "${after.title}" changed.`);
  }
  if ((before.hidden ?? false) !== (after.hidden ?? false)) {
    to.add('display_changed', path, `"${after.title}" is ${after.hidden === true ? 'hidden' : 'shown'}.`);
  }
}

function compareTrigger(before: ActionData, after: ActionData, path: string, to: Changes): void {
  const [from, now] = [before.defaultTrigger, after.defaultTrigger];
  if (sameTrigger(from, now)) return;
  const at = `${path}.defaultTrigger`;
  if (now === undefined)
    to.add('default_trigger_removed', at, `"${after.title}" has no default trigger.`, from);
  else if (from === undefined) {
    to.add('default_trigger_added', at, `"${after.title}" has a default trigger.`, undefined, now);
  } else to.add('default_trigger_changed', at, `The default trigger of "${after.title}" changed.`, from, now);
}

function compareBatch(before: ActionData, after: ActionData, path: string, to: Changes): void {
  const at = `${path}.batch`;
  if (before.batch === undefined && after.batch === undefined) return;
  if (after.batch === undefined) {
    to.add('batching_removed', at, `"${after.title}" sends one item a call.`);
    return;
  }
  if (before.batch === undefined) {
    to.add('batching_added', at, `"${after.title}" sends up to ${after.batch.maxItems} items a call.`);
    return;
  }
  for (const limit of ['maxItems', 'maxBytes'] as const) {
    const [from, now] = [before.batch[limit], after.batch[limit]];
    if (from === now) continue;
    const message = `${limit} of "${after.title}" was ${from} and is ${now}.`;
    to.add(now < from ? 'batch_lowered' : 'batch_raised', `${at}.${limit}`, message, from, now);
  }
}

function compareSyncMode(before: ActionData, after: ActionData, path: string, to: Changes): void {
  const modes = (action: ActionData): string[] => action.syncMode?.choices.map((one) => one.value) ?? [];
  const [from, now] = [modes(before), modes(after)];
  for (const mode of from.filter((one) => !now.includes(one))) {
    to.add('sync_mode_removed', `${path}.syncMode`, `"${after.title}" has no mode "${mode}".`, mode);
  }
  for (const mode of now.filter((one) => !from.includes(one))) {
    to.add(
      'sync_mode_added',
      `${path}.syncMode`,
      `"${after.title}" has the mode "${mode}".`,
      undefined,
      mode,
    );
  }
}

function compareHooks(before: ActionData, after: ActionData, key: string, to: Changes): void {
  for (const name of HOOKS) {
    const [from, now] = [before.hooks?.[name], after.hooks?.[name]];
    const place = ['actions', key, 'hooks', name];
    if (from !== undefined && now === undefined)
      to.add('hook_removed', formatPlace(place), `"${after.title}" has no hook "${name}".`);
    else if (from === undefined && now !== undefined)
      to.add('hook_added', formatPlace(place), `"${after.title}" has the hook "${name}".`);
    else if (from !== undefined && now !== undefined) {
      compareFields(from.fields, now.fields, [...place, 'fields'], 'field', to);
      for (const output of Object.keys(from.outputs ?? {})) {
        if (Object.hasOwn(now.outputs ?? {}, output)) continue;
        const message = `The hook "${name}" no longer makes "${output}".`;
        to.add('hook_output_removed', formatPlace([...place, 'outputs', output]), message, output);
      }
    }
  }
}

/** Actions with similar fields, or the same title, are probably the same action. */
function alikeActions(before: ActionData, after: ActionData): number {
  const [from, now] = [Object.keys(before.fields), Object.keys(after.fields)];
  const shared = from.filter((name) => now.includes(name)).length;
  const fields = shared / Math.max(from.length, now.length, 1);
  const title = likeness(before.title, after.title);
  return fields < 0.5 && title < 1 ? 0 : 0.5 * fields + 0.5 * title;
}

function only(one: Actions, other: Actions): Actions {
  return Object.fromEntries(Object.entries(one).filter(([key]) => !Object.hasOwn(other, key)));
}
