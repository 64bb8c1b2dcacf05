import type { AudienceMode, Field, Fields, HookName, OAuthDeclaration, Preset } from '@waybill/core';
import {
  type ActionData,
  type BatchData,
  type DefinitionData,
  type HookData,
  mapValues,
  type SyncModeData,
} from './definition.ts';

type Choice = { readonly label: string; readonly value: string };

/** A setting in the interchange format: every member is present, null when not declared. */
export interface MetadataSetting {
  readonly label: string;
  readonly description: string;
  readonly type: Field['type'];
  readonly required: NonNullable<Field['required']>;
  readonly multiple: boolean;
  readonly choices: readonly Choice[] | null;
  readonly default: unknown;
  readonly depends_on: NonNullable<Field['depends_on']> | null;
  readonly format?: Field['format'] | null;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
}

/** A field of an action in the interchange format. */
export interface MetadataField extends MetadataSetting {
  readonly allowNull: boolean;
  readonly dynamic: boolean;
  readonly placeholder: string | null;
  readonly properties: Readonly<Record<string, MetadataField>> | null;
  readonly category: Field['category'] | null;
  readonly readOnly: boolean | null;
  readonly hidden: boolean | null;
  readonly defaultObjectUI: Field['defaultObjectUI'] | null;
  readonly disabledInputMethods: Field['disabledInputMethods'] | null;
  readonly displayMode: Field['displayMode'] | null;
  readonly additionalProperties: boolean;
}

/** An action in the interchange format. `batch` and `delta` are Waybill's own additions. */
export interface MetadataAction {
  readonly title: string;
  readonly description: string;
  readonly platform: 'cloud';
  readonly defaultSubscription: string | null;
  readonly hidden: boolean;
  readonly hasPerformBatch: boolean;
  readonly batch?: BatchData | null;
  readonly delta?: { readonly fields: string } | null;
  readonly syncMode: SyncModeData | null;
  readonly hooks: Readonly<Partial<Record<HookName, MetadataHook>>> | null;
  readonly dynamicFields: null;
  readonly fields: Readonly<Record<string, MetadataField>>;
}

/** A hook in the interchange format. */
export interface MetadataHook {
  readonly label: string;
  readonly description: string;
  readonly inputFields: Readonly<Record<string, MetadataField>>;
  readonly outputFields?: Readonly<Record<string, MetadataField>> | null;
}

/** A preset in the interchange format. `slug` is Waybill's own addition. */
export interface MetadataPreset {
  readonly slug?: string;
  readonly name: string;
  readonly type: string;
  readonly partnerAction: string;
  readonly subscribe?: string | null;
  readonly mapping: Readonly<Record<string, unknown>> | null;
  readonly eventSlug?: string | null;
}

/**
 * A destination as Segment commits it next to the code (`metadata.json`): what a tool needs to show it without loading any code.
 * `description`, `maxMappings`, `deletesUsers` and `oauth` are Waybill's own additions.
 */
export interface Metadata {
  readonly slug: string;
  readonly name: string;
  readonly description?: string;
  readonly mode: string;
  readonly maxMappings?: number;
  readonly deletesUsers?: boolean;
  readonly oauth?: OAuthDeclaration;
  readonly authentication: {
    readonly scheme: string;
    readonly fields: Readonly<Record<string, MetadataSetting>>;
  } | null;
  /** In Segment's files, how audiences are synchronised (`mode`); `fields` is Waybill's: audiences are created, with these settings. */
  readonly audienceConfig: {
    readonly mode?: { readonly type: AudienceMode['type']; readonly full_audience_sync?: boolean };
    readonly fields?: Readonly<Record<string, MetadataSetting>>;
    readonly [member: string]: unknown;
  } | null;
  readonly actions: Readonly<Record<string, MetadataAction>>;
  readonly presets: readonly MetadataPreset[];
}

/** Converts a definition to the interchange format. */
export function toMetadata(definition: DefinitionData): Metadata {
  return {
    slug: definition.slug,
    name: definition.name,
    description: definition.description,
    mode: 'cloud',
    ...(definition.maxMappings === undefined ? {} : { maxMappings: definition.maxMappings }),
    ...(definition.deletesUsers === true ? { deletesUsers: true } : {}),
    ...(definition.oauth === undefined ? {} : { oauth: definition.oauth }),
    authentication: {
      scheme: definition.oauth === undefined ? 'custom' : 'oauth2',
      fields: mapValues(definition.settings, toSetting),
    },
    audienceConfig: toAudienceConfig(definition),
    actions: mapValues(definition.actions, toAction),
    presets: (definition.presets ?? []).map(toPreset),
  };
}

function toAudienceConfig({ audiences, audienceMode }: DefinitionData): Metadata['audienceConfig'] {
  if (audiences === undefined && audienceMode === undefined) return null;
  return {
    ...(audienceMode === undefined ? {} : { mode: segmentMode(audienceMode) }),
    ...(audiences === undefined ? {} : { fields: mapValues(audiences, toSetting) }),
  };
}

function segmentMode(mode: AudienceMode): NonNullable<NonNullable<Metadata['audienceConfig']>['mode']> {
  return mode.type === 'realtime' ? mode : { type: mode.type, full_audience_sync: mode.fullSync === true };
}

function fromMode({ mode }: NonNullable<Metadata['audienceConfig']>): Pick<DefinitionData, 'audienceMode'> {
  if (mode === undefined) return {};
  const { type, full_audience_sync: fullSync = false } = mode;
  return { audienceMode: type === 'realtime' ? { type } : { type, fullSync } };
}

function toAction(action: ActionData): MetadataAction {
  return {
    title: action.title,
    description: action.description,
    platform: 'cloud',
    defaultSubscription: action.defaultTrigger ?? null,
    hidden: action.hidden ?? false,
    hasPerformBatch: action.batch !== undefined,
    batch: action.batch ?? null,
    delta: action.delta ?? null,
    syncMode: action.syncMode ?? null,
    hooks: action.hooks === undefined ? null : mapHooks(action.hooks, toHook),
    dynamicFields: null,
    fields: mapValues(action.fields, toField),
  };
}

function mapHooks<A, B>(
  hooks: Readonly<Partial<Record<HookName, A>>>,
  change: (hook: A) => B,
): Partial<Record<HookName, B>> {
  return mapValues(hooks as Record<string, A>, change);
}

function toHook({ label, description, fields, outputs = {} }: HookData): MetadataHook {
  const [inputFields, outputFields] = [mapValues(fields, toField), mapValues(outputs, toField)];
  return { label, description, inputFields, outputFields };
}

function fromHook({ label, description, inputFields, outputFields }: MetadataHook): HookData {
  const outputs = fromFields(outputFields ?? {});
  return {
    label,
    description,
    fields: fromFields(inputFields),
    ...(Object.keys(outputs).length === 0 ? {} : { outputs }),
  };
}

function toSetting(field: Field): MetadataSetting {
  return {
    label: field.label,
    description: field.description,
    type: field.type,
    required: field.required ?? false,
    multiple: field.multiple ?? false,
    choices: field.choices?.map(choice) ?? null,
    default: field.default ?? null,
    depends_on: field.depends_on ?? null,
    format: field.format ?? null,
    minimum: field.minimum ?? null,
    maximum: field.maximum ?? null,
  };
}

function toField(field: Field): MetadataField {
  return {
    ...toSetting(field),
    allowNull: field.allowNull ?? false,
    dynamic: field.dynamic ?? false,
    placeholder: field.placeholder ?? null,
    properties: field.properties === undefined ? null : mapValues(field.properties, toField),
    category: field.category ?? null,
    readOnly: field.readOnly ?? null,
    hidden: field.unsafe_hidden ?? null,
    defaultObjectUI: field.defaultObjectUI ?? null,
    disabledInputMethods: field.disabledInputMethods ?? null,
    displayMode: field.displayMode ?? null,
    additionalProperties: field.additionalProperties ?? false,
  };
}

function choice(one: string | Choice): Choice {
  return typeof one === 'string' ? { label: one, value: one } : { label: one.label, value: one.value };
}

function toPreset(preset: Preset): MetadataPreset {
  return {
    slug: preset.slug,
    name: preset.name,
    type: preset.type,
    partnerAction: preset.action,
    ...(preset.type === 'automatic' ? { subscribe: preset.trigger } : {}),
    mapping: preset.mapping,
    eventSlug: preset.type === 'specificEvent' ? preset.eventSlug : null,
  };
}

/** Parses the interchange format, Segment's own files included: null there is absent here. */
export function fromMetadata(metadata: Metadata): DefinitionData {
  return {
    slug: metadata.slug,
    name: metadata.name,
    description: metadata.description ?? '',
    settings: fromFields(metadata.authentication?.fields ?? {}),
    actions: mapValues(metadata.actions, fromAction),
    presets: metadata.presets.map(fromPreset),
    ...(metadata.maxMappings === undefined ? {} : { maxMappings: metadata.maxMappings }),
    ...(metadata.deletesUsers === true ? { deletesUsers: true } : {}),
    ...(metadata.oauth === undefined ? {} : { oauth: metadata.oauth }),
    ...(metadata.audienceConfig?.fields === undefined
      ? {}
      : { audiences: fromFields(metadata.audienceConfig.fields) }),
    ...fromMode(metadata.audienceConfig ?? {}),
  };
}

function fromAction(action: MetadataAction): ActionData {
  return {
    title: action.title,
    description: action.description,
    ...(action.defaultSubscription === null ? {} : { defaultTrigger: action.defaultSubscription }),
    ...(action.hidden ? { hidden: true } : {}),
    fields: fromFields(action.fields),
    ...(action.batch === undefined || action.batch === null ? {} : { batch: action.batch }),
    ...(action.delta === undefined || action.delta === null ? {} : { delta: action.delta }),
    ...(action.syncMode === null ? {} : { syncMode: action.syncMode }),
    ...(action.hooks === null || action.hooks === undefined
      ? {}
      : { hooks: mapHooks(action.hooks, fromHook) }),
  };
}

function fromFields(fields: Readonly<Record<string, MetadataSetting | MetadataField>>): Fields {
  return mapValues(fields, (field): Field => {
    const kept: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(field)) {
      if (value === null || value === undefined) continue;
      if (value === false && FALSE_IS_ABSENT.has(key)) continue;
      kept[key === 'hidden' ? 'unsafe_hidden' : key] = value;
    }
    if ('properties' in field && field.properties !== null) kept['properties'] = fromFields(field.properties);
    return kept as unknown as Field;
  });
}

const FALSE_IS_ABSENT: ReadonlySet<string> = new Set([
  'required',
  'multiple',
  'allowNull',
  'dynamic',
  'additionalProperties',
]);

function fromPreset(preset: MetadataPreset): Preset {
  const common = {
    slug: preset.slug ?? slugOf(preset.name),
    name: preset.name,
    action: preset.partnerAction,
    mapping: preset.mapping ?? {},
  };
  return preset.type === 'automatic'
    ? { ...common, type: 'automatic', trigger: preset.subscribe ?? '' }
    : { ...common, type: 'specificEvent', eventSlug: preset.eventSlug ?? '' };
}

/** Returns a slug for a name. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
}
