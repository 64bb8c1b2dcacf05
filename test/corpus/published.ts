import { createRequire } from 'node:module';
import type { Fields } from '../../packages/core/src/define/fields.ts';
import { isReservedMappingKey } from '../../packages/core/src/validation/index.ts';

const require = createRequire(import.meta.url);

/** A mapping as definitions publish it. */
export type Mapping = Readonly<Record<string, unknown>>;

/** What the comparison reads of a published action. */
export interface PublishedAction {
  readonly title: string;
  readonly fields: Fields;
  readonly defaultSubscription?: string;
  readonly syncMode?: { readonly choices: readonly { readonly value: string }[] };
  readonly hooks?: Readonly<Record<string, { readonly inputFields?: Fields }>>;
}

/** What the comparison reads of a preset. */
export interface PublishedPreset {
  readonly name: string;
  readonly type: 'automatic' | 'specificEvent';
  readonly partnerAction: string;
  readonly subscribe?: string;
  readonly mapping?: Mapping;
}

/** What the comparison reads of a definition. */
export interface PublishedDefinition {
  readonly name: string;
  readonly slug?: string;
  readonly authentication?: { readonly fields?: Fields };
  readonly audienceFields?: Fields;
  readonly actions: Readonly<Record<string, PublishedAction>>;
  readonly presets?: readonly PublishedPreset[];
}

interface Package {
  readonly manifest: Readonly<Record<string, { readonly definition: PublishedDefinition }>>;
}

/** Every definition that Segment publishes. */
export function readDefinitions(): readonly PublishedDefinition[] {
  const { manifest } = require('@segment/action-destinations') as Package;
  return Object.values(manifest).map(({ definition }) => definition);
}

/** The versions that the comparison is about. */
export function readVersions(): Readonly<Record<string, string>> {
  const names = ['action-destinations', 'actions-core', 'destination-subscriptions'];
  return Object.fromEntries(
    names.map((name) => {
      const { version } = require(`../../node_modules/@segment/${name}/package.json`) as { version: string };
      return [`@segment/${name}`, version];
    }),
  );
}

/** Where a mapping comes from. */
export type MappingKind = 'default' | 'completed' | 'automatic' | 'specificEvent';

/** One mapping to compare. */
export interface MappingCase {
  /** `slug/action/kind`, with the name of a preset. */
  readonly name: string;
  readonly kind: MappingKind;
  readonly definition: PublishedDefinition;
  /** Presets of browser plugins name actions that are in no package for servers. */
  readonly action: PublishedAction | undefined;
  readonly mapping: Mapping;
}

/** Where a completed mapping reads fields that have no default. */
export const COMPLETION = 'corpus';

/**
 * Every published mapping: the defaults of every action and every preset. Many actions require fields that have no
 * default, or an empty one, so that their default mapping alone never makes a valid payload; each is therefore also taken completed,
 * with those fields read from the event, as a person setting it up does.
 */
export function mappingCases(definition: PublishedDefinition): readonly MappingCase[] {
  const slug = definition.slug ?? definition.name;
  const cases: MappingCase[] = [];
  for (const [key, action] of Object.entries(definition.actions)) {
    const mapping = defaultsOf(action.fields);
    const name = `${slug}/${key}`;
    cases.push({ name: `${name}/default`, kind: 'default', definition, action, mapping });
    const missing = Object.keys(action.fields).filter(
      (field) => isEmpty(mapping[field]) && !isReservedMappingKey(field),
    );
    const modes = action.syncMode?.choices.map(({ value }) => value) ?? [undefined];
    if (missing.length === 0 && action.syncMode === undefined) continue;
    for (const mode of modes) {
      const completed: Record<string, unknown> = { ...mapping };
      for (const field of missing) completed[field] = { '@path': `$.properties.${COMPLETION}.${field}` };
      if (mode !== undefined) completed['__segment_internal_sync_mode'] = mode;
      const suffix = mode === undefined ? '' : ` ${mode}`;
      const completedName = `${name}/completed${suffix}`;
      cases.push({ name: completedName, kind: 'completed', definition, action, mapping: completed });
    }
  }
  definition.presets?.forEach((preset, index) => {
    const action = definition.actions[preset.partnerAction];
    const name = `${slug}/${preset.partnerAction}/preset ${index} ${preset.name}`;
    cases.push({ name, kind: preset.type, definition, action, mapping: preset.mapping ?? {} });
  });
  return cases;
}

/** Some defaults are there to be filled in: empty text, an empty object. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function defaultsOf(fields: Fields): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    if (field.default !== undefined) mapping[key] = field.default;
  }
  return mapping;
}
