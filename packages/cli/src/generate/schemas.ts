import { type Destination, fieldsToJsonSchema, workspaceSchema } from '@waybill/core';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The schema documents of these destinations: file name below `schemas/`, and text. */
export function schemaFiles(destinations: readonly Destination[]): ReadonlyMap<string, string> {
  const files = new Map<string, unknown>([['workspace.json', workspaceSchema(destinations)]]);
  for (const destination of destinations) {
    files.set(`${destination.slug}/settings.json`, {
      $schema: DIALECT,
      title: `${destination.name}: settings`,
      ...fieldsToJsonSchema(destination.settings),
    });
    for (const [key, action] of Object.entries(destination.actions)) {
      files.set(`${destination.slug}/${key}.json`, {
        $schema: DIALECT,
        title: `${destination.name}: ${action.title}`,
        description: action.description,
        ...fieldsToJsonSchema(action.fields),
      });
    }
  }
  return new Map([...files].map(([name, document]) => [name, `${JSON.stringify(document, null, 2)}\n`]));
}
