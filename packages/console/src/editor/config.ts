import type { Definition } from '@waybill/api';
import type { Field, Fields, MappingConfig, ProjectType, TriggerDialect } from '@waybill/core';

/** The key of the root directive of a mapping. */
export const ROOT = '__segment_internal_directive';

/** The key of the sync mode of a mapping. */
export const MODE = '__segment_internal_sync_mode';

/** The keys of hooks in a mapping. */
const HOOK_KEYS: ReadonlySet<string> = new Set(['onMappingSave', 'retlOnMappingSave']);

/** A value for each field, in the mapping language. */
export type Values = Readonly<Record<string, unknown>>;

/** A mapping as it runs, merged with its preset and action. */
export interface Whole {
  readonly name: string;
  readonly action: string;
  readonly title: string;
  readonly fields: Fields;
  /** The sync modes, if the action has any. */
  readonly syncMode?: Definition['actions'][number]['syncMode'];
  /** Paths of the fields with dynamic choices. */
  readonly dynamicFields: readonly string[];
  /** The hooks of the action. */
  readonly hooks?: Definition['actions'][number]['hooks'];
  readonly trigger: string;
  readonly dialect: TriggerDialect;
  readonly values: Values;
  /** The values of the preset, which can be changed and restored. */
  readonly preset: { readonly trigger?: string; readonly values: Values };
}

/** The targets of a mapping: actions and presets. */
export interface Mappable {
  readonly presets: Definition['presets'];
  readonly actions: readonly Pick<
    Definition['actions'][number],
    'key' | 'title' | 'fields' | 'syncMode' | 'hooks' | 'dynamicFields' | 'defaultTrigger'
  >[];
}

/** Merges a mapping with its preset and action; undefined when the definition has no such action. */
export function wholeOf(config: MappingConfig, definition: Mappable): Whole | undefined {
  const preset = definition.presets.find(({ slug }) => slug === config.preset);
  const key = config.action ?? preset?.action;
  const action = definition.actions.find((one) => one.key === key);
  if (action === undefined) return undefined;
  const automatic = preset?.type === 'automatic' ? preset : undefined;
  const first = automatic?.trigger ?? action.defaultTrigger;
  const dialect = config.trigger === undefined ? automatic?.dialect : undefined;
  return {
    name: config.name ?? preset?.name ?? action.title,
    action: action.key,
    title: action.title,
    fields: action.fields,
    ...(action.syncMode === undefined ? {} : { syncMode: action.syncMode }),
    ...(action.hooks === undefined ? {} : { hooks: action.hooks }),
    dynamicFields: action.dynamicFields ?? [],
    trigger: config.trigger ?? first ?? '',
    dialect: config.dialect ?? dialect ?? 'waybill',
    values: { ...preset?.mapping, ...config.mapping },
    preset: { ...(first === undefined ? {} : { trigger: first }), values: preset?.mapping ?? {} },
  };
}

/** Returns the mapping with one field set; undefined restores the value of the preset. */
export function withField(config: MappingConfig, field: string, value: unknown): MappingConfig {
  const { [field]: _before, ...rest } = config.mapping ?? {};
  const mapping = value === undefined ? rest : { ...config.mapping, [field]: value };
  if (Object.keys(mapping).length > 0) return { ...config, mapping };
  const { mapping: _none, ...bare } = config;
  return bare;
}

/** Whether a field differs from the preset. */
export function isChanged(config: MappingConfig, field: string): boolean {
  return config.preset !== undefined && Object.hasOwn(config.mapping ?? {}, field);
}

/** Orders the fields of an action: required ones first, then mapped ones, then the rest. */
export function orderFields(fields: Fields, values: Values): readonly string[] {
  // A hidden field is shown once it is mapped: otherwise it could not be removed.
  const known = Object.keys(fields).filter(
    (name) => fields[name]!.unsafe_hidden !== true || Object.hasOwn(values, name),
  );
  const strange = Object.keys(values).filter(
    (name) => !Object.hasOwn(fields, name) && !name.startsWith('__segment_internal_') && !HOOK_KEYS.has(name),
  );
  const rank = (name: string): number => {
    const { required } = fields[name]!;
    if (required === true) return 0;
    if (required !== undefined && required !== false) return 1;
    return Object.hasOwn(values, name) ? 2 : 3;
  };
  return [...known.toSorted((a, b) => rank(a) - rank(b)), ...strange];
}

/** The literal values: the context for choices of another field. */
export function plainOf(values: Values, without: string): Values {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) =>
        name !== without && (typeof value !== 'object' || value === null || Array.isArray(value)),
    ),
  );
}

/** How a destination identifies users, if its settings contain that; environment variables are unknown. */
export function projectTypeOf(
  { settings: fields }: Definition,
  settings: Readonly<Record<string, unknown>>,
): ProjectType | undefined {
  const field = fields['projectType'];
  if (field?.choices === undefined) return undefined;
  const set = settings['projectType'] ?? field.default;
  return set === 'email' || set === 'userId' || set === 'hybrid' ? set : undefined;
}

/** Returns the mapping with the trigger of its preset or action restored. */
export function withoutTrigger({ trigger: _own, dialect: _read, ...rest }: MappingConfig): MappingConfig {
  return rest;
}

/** Returns the type of a field: `string[] (email)`. */
export function typeText({ type, multiple, format }: Field): string {
  return [type, multiple === true ? '[]' : '', format === undefined ? '' : ` (${format})`].join('');
}
