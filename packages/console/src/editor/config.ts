import type { Definition } from '@waybill/api';
import type { Field, Fields, MappingConfig, ProjectType, TriggerDialect } from '@waybill/core';

/** Where a mapping has the directive that is about all of it. */
export const ROOT = '__segment_internal_directive';

/** Where a mapping has what is done with records. */
export const MODE = '__segment_internal_sync_mode';

/** Where a mapping has what was entered for hooks, and what they made. */
const HOOK_KEYS: ReadonlySet<string> = new Set(['onMappingSave', 'retlOnMappingSave']);

/** A value for each field, in the mapping language. */
export type Values = Readonly<Record<string, unknown>>;

/** A mapping as it would run, with what its preset and its action add. */
export interface Whole {
  readonly name: string;
  readonly action: string;
  readonly title: string;
  readonly fields: Fields;
  /** What can be done with records, where the action has a choice. */
  readonly syncMode?: Definition['actions'][number]['syncMode'];
  /** Paths of the fields whose choices are read from the account. */
  readonly dynamicFields: readonly string[];
  /** What the action can do once when a mapping is published. */
  readonly hooks?: Definition['actions'][number]['hooks'];
  readonly trigger: string;
  readonly dialect: TriggerDialect;
  readonly values: Values;
  /** What the preset says, which a person may change and go back to. */
  readonly preset: { readonly trigger?: string; readonly values: Values };
}

/** What a mapping can be to: actions, and presets that begin one. */
export interface Mappable {
  readonly presets: Definition['presets'];
  readonly actions: readonly Pick<
    Definition['actions'][number],
    'key' | 'title' | 'fields' | 'syncMode' | 'hooks' | 'dynamicFields' | 'defaultTrigger'
  >[];
}

/** What a mapping is as a whole; undefined when the definition has no such action. */
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

/** The mapping with one field set; undefined takes the field back to what the preset says. */
export function withField(config: MappingConfig, field: string, value: unknown): MappingConfig {
  const { [field]: _before, ...rest } = config.mapping ?? {};
  const mapping = value === undefined ? rest : { ...config.mapping, [field]: value };
  if (Object.keys(mapping).length > 0) return { ...config, mapping };
  const { mapping: _none, ...bare } = config;
  return bare;
}

/** Whether a field says something else than the preset. */
export function isChanged(config: MappingConfig, field: string): boolean {
  return config.preset !== undefined && Object.hasOwn(config.mapping ?? {}, field);
}

/** The fields of an action as a person works on them: those it needs first, then the others that are mapped, then the rest. */
export function orderFields(fields: Fields, values: Values): readonly string[] {
  // A hidden field is shown once something is mapped to it: what is not seen cannot be taken away.
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

/** The values that are no directives: what an account is asked with about another field. */
export function plainOf(values: Values, without: string): Values {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) =>
        name !== without && (typeof value !== 'object' || value === null || Array.isArray(value)),
    ),
  );
}

/** How a destination tells users apart, where its settings say that; a variable of the environment does not show. */
export function projectTypeOf(
  { settings: fields }: Definition,
  settings: Readonly<Record<string, unknown>>,
): ProjectType | undefined {
  const field = fields['projectType'];
  if (field?.choices === undefined) return undefined;
  const set = settings['projectType'] ?? field.default;
  return set === 'email' || set === 'userId' || set === 'hybrid' ? set : undefined;
}

/** The mapping with the trigger of its preset or action again. */
export function withoutTrigger({ trigger: _own, dialect: _read, ...rest }: MappingConfig): MappingConfig {
  return rest;
}

/** What a field takes, in a word or two: `string[] (email)`. */
export function typeText({ type, multiple, format }: Field): string {
  return [type, multiple === true ? '[]' : '', format === undefined ? '' : ` (${format})`].join('');
}
