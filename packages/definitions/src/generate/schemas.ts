import {
  type Destination,
  fieldsToJsonSchema,
  trackingPlanSchema,
  type WorkspaceDefinitions,
  workspaceSchema,
} from '@waybill/core';
import { definitionOf } from '../data/definition.ts';
import { definitionSchema, presetSchema } from '../data/schema.ts';
import { eventSchema } from './event-schema.ts';
import { toMetadata } from '../data/metadata.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Returns the schemas of these definitions and the metadata of destinations: file name below `schemas/`, and content. */
export function schemaFiles(definitions: WorkspaceDefinitions): ReadonlyMap<string, string> {
  const { destinations } = definitions;
  const files = new Map<string, unknown>([
    ['workspace.json', workspaceSchema(definitions)],
    ['tracking-plan.json', { $schema: DIALECT, title: 'Waybill tracking plan', ...trackingPlanSchema }],
    ['event.json', eventSchema()],
    ['preset.json', presetSchema()],
    ['definition.json', definitionSchema()],
  ]);
  for (const destination of destinations) {
    files.set(`${destination.slug}/metadata.json`, toMetadata(definitionOf(destination)));
    files.set(`${destination.slug}/settings.json`, settingsSchema(destination));
    for (const key of Object.keys(destination.actions)) {
      files.set(`${destination.slug}/${key}.json`, actionSchema(destination, key));
    }
  }
  return new Map([...files].map(([name, document]) => [name, `${JSON.stringify(document, null, 2)}\n`]));
}

/** Returns the schema of the settings of a destination. */
export function settingsSchema(destination: Destination): object {
  return {
    $schema: DIALECT,
    title: `${destination.name}: settings`,
    ...fieldsToJsonSchema(destination.settings),
  };
}

/** Returns the schema of the payload of an action. */
export function actionSchema(destination: Destination, key: string): object {
  const action = destination.actions[key]!;
  return {
    $schema: DIALECT,
    title: `${destination.name}: ${action.title}`,
    description: action.description,
    ...fieldsToJsonSchema(action.fields),
  };
}
