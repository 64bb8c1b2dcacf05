import { createRequire } from 'node:module';
import type { Field, Fields, Preset } from '@waybill/core';
import { type ActionData, type DefinitionData, mapValues } from '../../src/data/definition.ts';
import { slugOf } from '../../src/data/metadata.ts';

const require = createRequire(import.meta.url);

interface Published {
  readonly name: string;
  readonly slug?: string;
  readonly mode?: string;
  readonly description?: string;
  readonly authentication?: { readonly fields?: Fields };
  readonly actions: Readonly<Record<string, PublishedAction>>;
  readonly presets?: readonly PublishedPreset[];
}

interface PublishedAction {
  readonly title: string;
  readonly description: string;
  readonly defaultSubscription?: string;
  readonly fields: Fields;
  readonly performBatch?: unknown;
  readonly syncMode?: NonNullable<ActionData['syncMode']>;
}

interface PublishedPreset {
  readonly name: string;
  readonly type: 'automatic' | 'specificEvent';
  readonly partnerAction: string;
  readonly subscribe?: string;
  readonly eventSlug?: string;
  readonly mapping?: Readonly<Record<string, unknown>>;
}

/** Returns every published definition as data. */
export function publishedDefinitions(): readonly DefinitionData[] {
  const { manifest } = require('@segment/action-destinations') as {
    readonly manifest: Readonly<Record<string, { readonly definition: Published }>>;
  };
  return Object.values(manifest).map(({ definition }) => asData(definition));
}

function asData(definition: Published): DefinitionData {
  return {
    slug: slugOf(definition.slug ?? definition.name),
    name: definition.name,
    // Most have none; it is in the catalogue of the hosted product.
    description: definition.description || definition.name,
    settings: fields(definition.authentication?.fields ?? {}),
    actions: mapValues(definition.actions, action),
    dialect: 'segment',
    presets: (definition.presets ?? []).map(preset),
  };
}

function action(one: PublishedAction): ActionData {
  return {
    title: one.title,
    description: one.description,
    ...(one.defaultSubscription ? { defaultTrigger: one.defaultSubscription } : {}),
    fields: fields(one.fields),
    ...(one.performBatch === undefined ? {} : { batch: { maxItems: 1000, maxBytes: 4_000_000 } }),
    ...(one.syncMode === undefined ? {} : { syncMode: one.syncMode }),
  };
}

/** Code that fetches choices becomes a flag in the data. */
function fields(all: Fields): Fields {
  return mapValues(all, (field) => ({
    ...(JSON.parse(JSON.stringify(field)) as Field),
    ...(typeof (field.dynamic as unknown) === 'function' ? { dynamic: true } : {}),
    ...(field.properties === undefined ? {} : { properties: fields(field.properties) }),
  }));
}

/** Presets have no slug there; two of the same name get numbers. */
function preset(one: PublishedPreset, index: number): Preset {
  const common = {
    slug: `${slugOf(one.name)}-${index}`,
    name: one.name,
    action: one.partnerAction,
    mapping: one.mapping ?? {},
  };
  return one.type === 'automatic'
    ? { ...common, type: 'automatic', trigger: one.subscribe ?? '' }
    : { ...common, type: 'specificEvent', eventSlug: one.eventSlug ?? '' };
}
