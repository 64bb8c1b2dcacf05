import type { Field, Fields } from '@waybill/core';
import { choiceValues } from '../data/fields.ts';
import { formatPlace, type Place } from '../text/place.ts';
import { likeness } from '@waybill/core';
import { type Changes, same, show } from './change.ts';
import { renames } from './rename.ts';

type Kind = 'field' | 'setting';

/** Compares fields of an action, settings, or members of an object. */
export function compareFields(before: Fields, after: Fields, place: Place, kind: Kind, to: Changes): void {
  const gone = only(before, after);
  const added = only(after, before);
  const renamed = renames(gone, added, alikeFields);
  const taken = new Set(renamed.values());
  for (const [name, field] of Object.entries(gone)) {
    const next = renamed.get(name);
    const path = formatPlace([...place, name]);
    if (next === undefined) to.add(`${kind}_removed`, path, `"${name}" was removed.`);
    else {
      to.add(`${kind}_renamed`, path, `"${name}" was renamed to "${next}".`, name, next);
      compareField(field, added[next]!, [...place, next], kind, to);
    }
  }
  for (const [name, field] of Object.entries(added)) {
    if (!taken.has(name)) addedField(name, field, [...place, name], kind, to);
  }
  for (const [name, field] of Object.entries(before)) {
    const now = Object.hasOwn(after, name) ? after[name] : undefined;
    if (now !== undefined) compareField(field, now, [...place, name], kind, to);
  }
}

function addedField(name: string, field: Field, place: Place, kind: Kind, to: Changes): void {
  const path = formatPlace(place);
  if (field.required !== true) to.add(`${kind}_added`, path, `"${name}" is new and optional.`);
  else if (kind === 'setting') to.add('required_setting_added', path, `"${name}" is new and required.`);
  else if (field.default === undefined) {
    to.add('required_field_added', path, `"${name}" is new and required, without a default.`);
  } else {
    to.add('required_field_added_with_default', path, `"${name}" is new and required, with a default.`);
  }
}

function compareField(before: Field, after: Field, place: Place, kind: Kind, to: Changes): void {
  const name = String(place.at(-1));
  const path = formatPlace(place);
  compareType(before, after, name, path, to);
  if ((before.multiple ?? false) !== (after.multiple ?? false)) {
    const what = after.multiple === true ? 'a list of values' : 'one value';
    to.add(
      'multiple_changed',
      path,
      `"${name}" is now ${what}.`,
      before.multiple ?? false,
      after.multiple ?? false,
    );
  }
  compareRequired(before, after, name, path, kind, to);
  compareChoices(before, after, name, path, to);
  compareBounds(before, after, name, path, to);
  compareFormat(before, after, name, path, to);
  if (before.allowNull === true && after.allowNull !== true) {
    to.add('null_refused', path, `"${name}" no longer accepts null.`);
  } else if (before.allowNull !== true && after.allowNull === true) {
    to.add('null_accepted', path, `"${name}" accepts null.`);
  }
  compareMembers(before, after, name, place, to);
  if (!same(before.default, after.default)) {
    const message = `The default of "${name}" was ${show(before.default)} and is ${show(after.default)}.`;
    to.add('default_changed', path, message, before.default, after.default);
  }
  for (const part of ['label', 'description'] as const) {
    if (before[part] === after[part]) continue;
    to.add(`${part}_changed`, path, `The ${part} of "${name}" changed.`, before[part], after[part]);
  }
  if (!same(before.depends_on, after.depends_on)) {
    to.add('condition_changed', path, `"${name}" is shown under other conditions.`);
  }
  if (DISPLAY.some((part) => !same(before[part], after[part]))) {
    to.add('display_changed', path, `Editors show "${name}" differently.`);
  }
}

const DISPLAY = [
  'placeholder',
  'defaultObjectUI',
  'unsafe_hidden',
  'readOnly',
  'category',
  'displayMode',
  'disabledInputMethods',
  'dynamic',
] as const;

const TEXTS = new Set<Field['type']>(['string', 'text', 'password']);

function compareType(before: Field, after: Field, name: string, path: string, to: Changes): void {
  const [from, now] = [before.type, after.type];
  if (from === now) return;
  const message = `"${name}" was of type ${from} and is of type ${now}.`;
  if (TEXTS.has(from) && TEXTS.has(now)) {
    const secret = from === 'password' || now === 'password';
    to.add(secret ? 'secret_changed' : 'type_widened', path, message, from, now);
  } else if (from === 'integer' && now === 'number') to.add('type_widened', path, message, from, now);
  else if ((from === 'number' && now === 'integer') || (TEXTS.has(from) && now === 'datetime')) {
    to.add('type_narrowed', path, message, from, now);
  } else to.add('type_changed', path, message, from, now);
}

function compareRequired(
  before: Field,
  after: Field,
  name: string,
  path: string,
  kind: Kind,
  to: Changes,
): void {
  const [from, now] = [before.required ?? false, after.required ?? false];
  if (same(from, now)) return;
  if (now === true) {
    if (kind === 'setting') to.add('setting_required', path, `"${name}" is now required.`, from, now);
    else if (after.default === undefined) {
      to.add('field_required', path, `"${name}" is now required, without a default.`, from, now);
    } else
      to.add('field_required_with_default', path, `"${name}" is now required, with a default.`, from, now);
  } else if (now === false) to.add('field_optional', path, `"${name}" is now optional.`, from, now);
  else if (from === true)
    to.add('field_optional', path, `"${name}" is required only under conditions.`, from, now);
  else to.add('field_required_sometimes', path, `"${name}" is required under other conditions.`, from, now);
}

function compareChoices(before: Field, after: Field, name: string, path: string, to: Changes): void {
  const [from, now] = [choiceValues(before), choiceValues(after)];
  const none = (values: readonly unknown[] | undefined): values is undefined | readonly [] =>
    values === undefined || values.length === 0;
  if (none(from) && none(now)) return;
  if (none(from)) {
    to.add('choices_restricted', path, `"${name}" accepts only ${list(now ?? [])}.`, undefined, now);
    return;
  }
  if (none(now)) {
    to.add('choices_lifted', path, `"${name}" accepts any value.`, from);
    return;
  }
  const gone = from.filter((one) => !now.includes(one));
  const fresh = now.filter((one) => !from.includes(one));
  if (gone.length > 0) to.add('choice_removed', path, `"${name}" no longer accepts ${list(gone)}.`, gone);
  if (fresh.length > 0)
    to.add('choice_added', path, `"${name}" also accepts ${list(fresh)}.`, undefined, fresh);
  if (gone.length === 0 && fresh.length === 0 && !same(labels(before), labels(after))) {
    to.add('choice_label_changed', path, `The labels of the choices of "${name}" changed.`);
  }
}

function labels(field: Field): unknown {
  return Object.fromEntries(
    (field.choices ?? []).map((one) =>
      typeof one === 'string' ? [one, one] : [String(one.value), one.label],
    ),
  );
}

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).map((one) => JSON.stringify(one));
  return values.length > 8 ? `${shown.join(', ')} and ${values.length - 8} more` : shown.join(', ');
}

function compareBounds(before: Field, after: Field, name: string, path: string, to: Changes): void {
  for (const bound of ['minimum', 'maximum'] as const) {
    const [from, now] = [before[bound], after[bound]];
    if (from === now) continue;
    const tighter =
      now !== undefined && (from === undefined || (bound === 'minimum' ? now > from : now < from));
    const message = `The ${bound} of "${name}" was ${from ?? 'open'} and is ${now ?? 'open'}.`;
    to.add(tighter ? 'bounds_tightened' : 'bounds_loosened', path, message, from, now);
  }
}

/** Formats that mean any string. */
const NO_FORMAT = new Set<Field['format']>([undefined, 'text', 'password']);

function compareFormat(before: Field, after: Field, name: string, path: string, to: Changes): void {
  const [from, now] = [before.format, after.format];
  if (from === now || (NO_FORMAT.has(from) && NO_FORMAT.has(now))) return;
  if (NO_FORMAT.has(from)) to.add('format_added', path, `"${name}" now has the format ${now}.`, from, now);
  else if (NO_FORMAT.has(now)) {
    to.add('format_removed', path, `"${name}" no longer has the format ${from}.`, from, now);
  } else to.add('format_changed', path, `The format of "${name}" was ${from} and is ${now}.`, from, now);
}

function compareMembers(before: Field, after: Field, name: string, place: Place, to: Changes): void {
  if (before.type !== 'object' || after.type !== 'object') return;
  // An object without a list of members accepts any.
  const wasOpen = before.properties === undefined || before.additionalProperties === true;
  const isOpen = after.properties === undefined || after.additionalProperties === true;
  const path = formatPlace(place);
  if (wasOpen && !isOpen) to.add('members_closed', path, `"${name}" keeps only the members that are listed.`);
  if (!wasOpen && isOpen) to.add('members_opened', path, `"${name}" keeps members that are not listed.`);
  if (before.properties !== undefined && after.properties !== undefined) {
    compareFields(before.properties, after.properties, [...place, 'properties'], 'field', to);
  } else if (after.properties !== undefined) {
    compareFields({}, after.properties, [...place, 'properties'], 'field', to);
  }
}

/** Fields with the same type and default, or the same label, are probably the same field. */
function alikeFields(before: Field, after: Field): number {
  if (before.type !== after.type || (before.multiple ?? false) !== (after.multiple ?? false)) return 0;
  const text = Math.max(likeness(before.label, after.label), likeness(before.description, after.description));
  const start = before.default !== undefined && same(before.default, after.default) ? 1 : 0;
  const members =
    before.properties !== undefined &&
    same(Object.keys(before.properties), Object.keys(after.properties ?? {}))
      ? 1
      : 0;
  return Math.max(start, members, text);
}

function only(one: Fields, other: Fields): Fields {
  return Object.fromEntries(Object.entries(one).filter(([name]) => !Object.hasOwn(other, name)));
}
