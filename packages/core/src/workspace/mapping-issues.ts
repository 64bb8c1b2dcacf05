import { formatPlace, MODE_KEY, type Place, ROOT_KEY } from '../mapping/paths.ts';
import { unclosedTemplates } from '../mapping/unclosed.ts';
import type { Issue } from '../result/issue.ts';
import { suggest } from '../text/suggest.ts';
import { compileValidator, RESERVED_MAPPING_KEYS } from '../validation/index.ts';
import type { Field, Fields } from '../define/fields.ts';
import { type HookName, HOOKS, keptHook } from '../define/hook.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The parts of an action that these checks use. */
export interface MappedAction {
  readonly title: string;
  readonly fields: Fields;
}

/**
 * Lists the problems of a mapping that compiles: unknown fields, invalid constants, missing required fields, unclosed
 * templates. `whole` is the mapping merged with its preset.
 */
export function mappingIssues(mapping: Mapping, whole: Mapping, action: MappedAction): readonly Issue[] {
  return [
    ...unknownFields(mapping, action),
    ...refusedConstants(mapping, action),
    ...missingFields(whole, action),
    ...unclosedTemplates(mapping),
  ];
}

/** The parts of an action about sync modes. */
export interface ModedAction {
  readonly title: string;
  readonly syncMode?: { readonly choices: readonly { readonly value: string }[] } | undefined;
}

/** Reports a sync mode that the action does not have. */
export function modeIssues(mapping: Mapping, { title, syncMode }: ModedAction): readonly Issue[] {
  const mode = mapping[MODE_KEY];
  if (mode === undefined || mode === null || mode === '') return [];
  const known = syncMode?.choices.map(({ value }) => value) ?? [];
  if (known.some((one) => one === mode)) return [];
  const none = `"${title}" has no sync modes.`;
  const other = `"${title}" has no sync mode ${JSON.stringify(mode)}${suggest(String(mode), known)}`;
  return [{ code: 'mapping_value_invalid', path: MODE_KEY, message: known.length === 0 ? none : other }];
}

/** The parts of an action about hooks. */
export interface HookedAction {
  readonly title: string;
  readonly hooks?: Readonly<Partial<Record<HookName, { readonly fields: Fields }>>> | undefined;
}

/** Lists problems of the inputs for the hooks of an action. */
export function hookIssues(mapping: Mapping, { title, hooks }: HookedAction): readonly Issue[] {
  return HOOKS.flatMap((name): readonly Issue[] => {
    const value = mapping[name];
    if (value === undefined || value === null || value === '') return [];
    const say = (message: string): readonly Issue[] => [
      { code: 'mapping_value_invalid', path: name, message },
    ];
    const hook = hooks?.[name];
    if (hook === undefined) return say(`"${title}" has no hook "${name}".`);
    const kept = keptHook(mapping, name);
    if (kept === undefined) return say(`Expected an object with "inputs" and "outputs" in "${name}".`);
    const { inputs = {} } = kept;
    const unknown = Object.keys(inputs).filter((one) => !Object.hasOwn(hook.fields, one));
    const checked = compileValidator(hook.fields, { execution: 'closures' })(inputs);
    return [
      ...unknown.map((one): Issue => {
        const message = `The hook "${name}" has no field "${one}"${suggest(one, Object.keys(hook.fields))}`;
        return { code: 'mapping_unknown_field', path: formatPlace([name, 'inputs', one]), message };
      }),
      ...(checked.ok ? [] : checked.issues).map(({ path, message }): Issue => ({
        code: 'mapping_value_invalid',
        path: path.startsWith('[') ? `${name}.inputs${path}` : `${name}.inputs.${path}`,
        message,
      })),
    ];
  });
}

/** Lists fields, and members of objects, that the action does not have. */
export function unknownFields(mapping: Mapping, action: MappedAction): readonly Issue[] {
  if (isDirective(mapping)) return [];
  return [...unknown(mapping, action.fields, [], `"${action.title}" has no field`)];
}

function* unknown(mapping: Mapping, fields: Fields, place: Place, what: string): Iterable<Issue> {
  for (const [name, value] of Object.entries(mapping)) {
    if (RESERVED_MAPPING_KEYS.has(name) || name.startsWith('__segment_internal_')) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const message = `${what} "${name}"${suggest(name, Object.keys(fields))}`;
      yield { code: 'mapping_unknown_field', path: formatPlace([...place, name]), message };
    } else if (field.properties !== undefined && field.additionalProperties !== true && isPlain(value)) {
      // Unknown members of the object are silently dropped at delivery.
      yield* unknown(value, field.properties, [...place, name], `"${name}" has no member`);
    }
  }
}

/** Lists constants that validation refuses; null and the empty string mean "nothing yet". */
export function refusedConstants(mapping: Mapping, { fields }: MappedAction): readonly Issue[] {
  return Object.entries(mapping).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined || value === null || value === undefined || value === '' || hasDirective(value))
      return [];
    const checked = compileValidator(
      { [name]: { ...field, required: false } },
      // For one value, generating code would be most of the work; and a browser may forbid it.
      { execution: 'closures' },
    )({ [name]: value });
    if (checked.ok) return [];
    return checked.issues.map(({ path, message }) => ({
      code: 'mapping_value_invalid' as const,
      path,
      message,
    }));
  });
}

/**
 * Lists required fields that the mapping leaves out, so that every payload is refused; in a preset, those without a
 * default may be added later.
 */
export function missingFields(whole: Mapping, action: MappedAction, isPreset = false): readonly Issue[] {
  if (isDirective(whole) || ROOT_KEY in whole) return [];
  return [...missing(action.fields, whole, [], isPreset, true)];
}

function* missing(
  fields: Fields,
  mapping: Mapping,
  place: Place,
  isPreset: boolean,
  top: boolean,
): Iterable<Issue> {
  for (const [name, field] of Object.entries(fields)) {
    if (RESERVED_MAPPING_KEYS.has(name)) continue;
    const value = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
    if (value === undefined || value === null) {
      if (field.required !== true || (top && isPreset && field.default === undefined)) continue;
      const message = `The required ${top ? 'field' : 'member'} "${name}" is not mapped.`;
      yield { code: 'mapping_required_missing', path: formatPlace([...place, name]), message };
    } else yield* within(field, value, [...place, name], isPreset);
  }
}

/** Descends into objects and into the items of a list. */
function* within(field: Field, value: unknown, place: Place, isPreset: boolean): Iterable<Issue> {
  if (field.properties === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* within(field, one, [...place, index], isPreset);
    return;
  }
  const shape = (value as { readonly '@arrayPath'?: unknown })['@arrayPath'];
  if (Array.isArray(shape)) {
    const item: unknown = shape[1];
    if (isPlain(item) && Object.keys(item).length > 0) {
      yield* within(field, item, [...place, '@arrayPath', 1], isPreset);
    }
    return;
  }
  if (!isDirective(value)) yield* missing(field.properties, value as Mapping, place, isPreset, false);
}

function isPlain(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDirective(value);
}

/** Whether a value is a directive. */
export function isDirective(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).some((key) => key.startsWith('@'))
  );
}

function hasDirective(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.startsWith('@') || hasDirective(inner));
}
