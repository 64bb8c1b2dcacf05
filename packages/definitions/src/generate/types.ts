import { type Destination, fieldsToJsonSchema, payloadFields } from '@waybill/core';
import { settingsSchema } from './schemas.ts';

const OPTIONS = {
  additionalProperties: true,
  bannerComment: '',
  declareExternallyReferenced: true,
  style: { printWidth: 110, singleQuote: true },
} as const;

/** Generates the TypeScript types of the settings of a destination and the payloads of its actions, as one module. */
export async function typesOf(destination: Destination, only?: string): Promise<string> {
  const parts: string[] = [];
  if (only === undefined) parts.push(await declare(settingsSchema(destination), 'Settings'));
  for (const key of Object.keys(destination.actions)) {
    if (only !== undefined && key !== only) continue;
    parts.push(await declare(payloadSchema(destination, key), typeName(key)));
  }
  return `/* Generated from the definition by \`waybill generate types\`. */\n\n${parts.join('\n')}`;
}

/** Returns the type files of these destinations: file name below `schemas/`, and content. */
export async function typeFiles(destinations: readonly Destination[]): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const destination of destinations) {
    files.set(`${destination.slug}/types.d.ts`, await typesOf(destination));
  }
  return files;
}

/** Removes the settings of the mapping that definitions declare as fields. */
function payloadSchema(destination: Destination, key: string): object {
  const action = destination.actions[key]!;
  return { description: action.description, ...fieldsToJsonSchema(payloadFields(action.fields)) };
}

async function declare(schema: object, name: string): Promise<string> {
  // The title would become the name of the type.
  const { title: _title, ...rest } = schema as { title?: string };
  // It includes a formatter, which nothing else needs.
  const { compile } = await import('json-schema-to-typescript');
  return compile(withoutMemberTitles(rest) as Parameters<typeof compile>[0], name, OPTIONS);
}

/** The title of a member would become a separate type; descriptions stay as comments. */
function withoutMemberTitles(part: unknown, isProperties = false): unknown {
  if (Array.isArray(part)) return part.map((one) => withoutMemberTitles(one));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      // Types cannot express rules that depend on values.
      .filter(
        ([key]) => isProperties || (key !== 'title' && key !== 'allOf' && key !== 'if' && key !== 'then'),
      )
      .map(([key, value]) => [
        key,
        key === 'default' || key === 'enum' || key === 'const'
          ? isProperties
            ? withoutMemberTitles(value)
            : value
          : withoutMemberTitles(value, !isProperties && key === 'properties'),
      ]),
  );
}

function typeName(key: string): string {
  const words = key.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
