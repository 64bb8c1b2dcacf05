import type { Preset } from '@waybill/core';
import type { DefinitionData } from '../data/definition.ts';
import { fromMetadata, type Metadata } from '../data/metadata.ts';
import { kindOf } from '../validate/documents.ts';
import { partial, type Version } from './compare.ts';
import { fieldsOfSchema } from './schema-fields.ts';

/** A version that cannot be read: an error in the command line. */
export class VersionError extends Error {}

/** The contents of the files of a version, by path. */
export type Files = ReadonlyMap<string, string>;

/** Returns the definitions in the files of a version: from metadata, definitions and presets; without them from the schemas. */
export function versionOfFiles(files: Files): Version {
  const found = new Map<string, DefinitionData>();
  const presets = new Map<string, Preset[]>();
  const schemas = new Map<string, Map<string, unknown>>();
  for (const [path, text] of files) {
    const value = parse(path, text);
    const [folder = '', file = ''] = path.split('/').slice(-2);
    const kind = kindOf(value);
    if (kind === 'metadata') add(found, fromMetadata(value as Metadata));
    else if (kind === 'definition') add(found, value as DefinitionData);
    else if (kind === 'preset') presets.set(folder, [...(presets.get(folder) ?? []), value as Preset]);
    else if (/(?:^|\/)schemas\/[^/]+\/[^/]+\.json$/.test(path)) {
      const of = schemas.get(folder) ?? new Map<string, unknown>();
      schemas.set(folder, of.set(file.slice(0, -'.json'.length), value));
    }
  }
  for (const [slug, list] of presets) {
    const definition = found.get(slug);
    if (definition !== undefined) found.set(slug, { ...definition, presets: merged(definition, list) });
  }
  for (const [slug, documents] of schemas) {
    if (found.has(slug)) continue;
    found.set(slug, partial({ ...fromSchemas(slug, documents), presets: presets.get(slug) ?? [] }));
  }
  return found;
}

function add(found: Map<string, DefinitionData>, definition: DefinitionData): void {
  found.set(definition.slug, definition);
}

/** Preset files take precedence over presets in the metadata. */
function merged(definition: DefinitionData, files: readonly Preset[]): readonly Preset[] {
  const own = definition.presets ?? [];
  return [
    ...own.map((preset) => files.find((one) => one.slug === preset.slug) ?? preset),
    ...files.filter((one) => !own.some((preset) => preset.slug === one.slug)),
  ];
}

function fromSchemas(slug: string, documents: ReadonlyMap<string, unknown>): DefinitionData {
  const actions = [...documents].filter(([name]) => name !== 'settings');
  return {
    slug,
    name: slug,
    description: '',
    settings: fieldsOfSchema((documents.get('settings') ?? {}) as object),
    actions: Object.fromEntries(
      actions.map(([key, schema]) => {
        const { title = key, description = '' } = schema as { title?: string; description?: string };
        return [key, { title, description, fields: fieldsOfSchema(schema as object) }];
      }),
    ),
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VersionError(`${path} is not JSON.`);
  }
}
