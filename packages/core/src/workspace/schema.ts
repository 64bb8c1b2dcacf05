import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Issue } from '../result/issue.ts';
import { MODE_KEY } from '../mapping/paths.ts';
import { fieldsToJsonSchema, payloadFields } from '../validation/index.ts';
import { suggest } from '../text/suggest.ts';
import type { Action } from '../define/action.ts';
import type { Destination } from '../define/destination.ts';
import type { Fields } from '../define/fields.ts';
import { TRACKING } from '../define/source.ts';
import { trackingPlanSchema } from '../tracking-plan/plan.ts';
import type { ResolveContext } from './settings.ts';

/** A JSON Schema document, as plain data. */
export type SchemaDocument = Readonly<Record<string, unknown>>;

const secret = {
  description: 'The string itself, or the environment variable that contains it.',
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      properties: {
        $env: { type: 'string', minLength: 1, description: 'Name of the environment variable.' },
      },
      required: ['$env'],
      additionalProperties: false,
    },
  ],
};

const name = { type: 'string', minLength: 1 };

const ownership = {
  type: 'object',
  description: 'Who may set a field, by its path in the payload, for example dataFields.loyaltyTier.',
  additionalProperties: {
    type: 'object',
    description: 'One of: owner, sources, latest.',
    properties: {
      owner: { const: 'destination', description: 'Nobody but the destination: the field is never sent.' },
      sources: {
        type: 'array',
        items: name,
        minItems: 1,
        description: 'IDs of sources in order of precedence; a source may overwrite values of later ones.',
      },
      latest: { const: true, description: 'The event with the latest timestamp.' },
    },
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
  },
};

const delivery = {
  type: 'object',
  properties: {
    only: {
      enum: ['changed'],
      description:
        'Values that were already delivered for this user and have not changed are not sent again.',
    },
  },
  additionalProperties: false,
};

const mapping = {
  type: 'object',
  description: 'A trigger, an action and the values to send: complete, or as a preset with changes.',
  properties: {
    id: { ...name, description: 'Stable name, unique within the destination.' },
    name: { ...name, description: 'Name shown to people.' },
    enabled: { type: 'boolean', default: true },
    preset: { ...name, description: 'Slug of the preset to start from.' },
    action: { ...name, description: 'Key of the action.' },
    trigger: { ...name, description: 'Which events it applies to, in the trigger language.' },
    dialect: {
      enum: ['waybill', 'segment'],
      default: 'waybill',
      description: 'How the trigger is interpreted.',
    },
    mapping: {
      type: 'object',
      description: 'Fields of the action, in the mapping language; merged over the preset.',
    },
    delivery,
    ownership,
  },
  required: ['id'],
  additionalProperties: false,
};

const source = {
  type: 'object',
  description: 'Where events come from.',
  properties: {
    id: { ...name, description: 'Stable name.' },
    name,
    type: {
      ...name,
      default: 'tracking',
      description: 'Type of the source; "tracking" is the tracking API, to which clients send events.',
    },
    writeKey: secret,
    earlierKeys: {
      type: 'array',
      description: 'Earlier write keys that are still accepted for a time.',
      maxItems: 4,
      items: {
        type: 'object',
        properties: {
          key: secret,
          until: { type: 'string', description: 'Until when it is accepted: ISO 8601 with an offset.' },
        },
        required: ['key', 'until'],
        additionalProperties: false,
      },
    },
    settings: { type: 'object', description: 'Settings of the type; the tracking API has none.' },
    plan: trackingPlanSchema,
    planOf: { ...name, description: 'The source whose plan it uses instead of its own.' },
    enabled: { type: 'boolean', default: true },
  },
  required: ['id'],
  additionalProperties: false,
  if: { properties: { type: { const: TRACKING } } },
  then: { required: ['writeKey'] },
};

const processor = {
  type: 'object',
  description: 'Derives events from those of sources.',
  properties: {
    id: { ...name, description: 'Stable name: the source of the events that it derives.' },
    name,
    type: { ...name, description: 'Slug of the processor.' },
    enabled: { type: 'boolean', default: true },
    sources: {
      type: 'array',
      items: name,
      description:
        'IDs of the sources, and of processors listed before it, whose events it receives; all sources when absent.',
    },
    settings: { type: 'object' },
  },
  required: ['id', 'type'],
  additionalProperties: false,
};

const destination = {
  type: 'object',
  description: 'An instance of a destination.',
  properties: {
    id: { ...name, description: 'Stable name.' },
    name,
    type: { ...name, description: 'Slug of the destination.' },
    enabled: { type: 'boolean', default: true },
    sources: {
      type: 'array',
      items: name,
      description: 'IDs of the sources it receives from; all when absent.',
    },
    settings: { type: 'object' },
    maxMappings: { type: 'integer', minimum: 1, description: 'Maximum number of mappings.' },
    ownership,
    mappings: { type: 'array', items: mapping, description: 'The automatic presets when absent.' },
  },
  required: ['id', 'type', 'settings'],
  additionalProperties: false,
};

const workspace = {
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    sources: { type: 'array', items: source },
    processors: { type: 'array', items: processor },
    destinations: { type: 'array', items: destination },
  },
  required: ['sources', 'destinations'],
  additionalProperties: false,
};

/** The schema of an object, with those of its members. */
export interface ObjectSchema extends SchemaDocument {
  readonly properties: Readonly<Record<string, SchemaDocument>>;
}

/** The schemas of a workspace and of its parts, for any destinations. */
export const workspaceParts: Readonly<
  Record<'workspace' | 'source' | 'processor' | 'destination' | 'mapping', ObjectSchema>
> = { workspace, source, processor, destination, mapping };

/** The definitions that a workspace can name. */
export type WorkspaceDefinitions = Pick<ResolveContext, 'destinations' | 'sources' | 'processors'>;

/**
 * Returns the schema of a workspace file for these definitions: editors complete types, settings, presets and actions
 * with it.
 */
export function workspaceSchema({
  destinations,
  sources = [],
  processors = [],
}: WorkspaceDefinitions): SchemaDocument {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Waybill workspace',
    description: 'Where events come from, where they go, and how.',
    ...workspace,
    properties: {
      ...workspace.properties,
      sources: {
        type: 'array',
        items: ofTypes(source, [{ slug: TRACKING }, ...sources], sources.map(refined)),
      },
      processors: { type: 'array', items: ofTypes(processor, processors, processors.map(refined)) },
      destinations: { type: 'array', items: ofTypes(destination, destinations, destinations.map(refine)) },
    },
  };
}

/** An instance of one of these types. */
function ofTypes(
  base: ObjectSchema,
  types: readonly { readonly slug: string }[],
  allOf: readonly unknown[],
): SchemaDocument {
  const type = { ...base.properties['type'], enum: types.map(({ slug }) => slug) };
  return { ...base, properties: { ...base.properties, type }, ...(allOf.length === 0 ? {} : { allOf }) };
}

/** The part of the schema that is specific to an instance of this type: its settings, and more. */
function refined({ slug, settings }: Pick<Destination, 'slug' | 'settings'>): {
  readonly if: unknown;
  readonly then: { readonly properties: Readonly<Record<string, unknown>> };
} {
  const schema = fieldsToJsonSchema(settings) as { readonly properties?: Record<string, unknown> };
  const properties: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(schema.properties ?? {})) {
    const environment = { type: 'object', properties: { $env: name }, required: ['$env'] };
    const field = settings[key];
    properties[key] = { title: field?.label, description: field?.description, anyOf: [one, environment] };
  }
  return {
    if: { properties: { type: { const: slug } }, required: ['type'] },
    then: { properties: { settings: { ...schema, properties, additionalProperties: false } } },
  };
}

/** The part of the schema that is specific to an instance of this destination. */
function refine(one: Destination): unknown {
  const ofSettings = refined(one);
  const actions = Object.entries(one.actions).map(([key, action]) => ({
    if: { anyOf: [has('action', [key]), ...presetsOf(one, key)] },
    then: {
      properties: {
        mapping: { properties: { ...fieldNames(payloadFields(action.fields)), ...modeOf(action) } },
      },
    },
  }));
  return {
    if: ofSettings.if,
    then: {
      properties: {
        ...ofSettings.then.properties,
        mappings: {
          items: {
            properties: {
              action: { enum: Object.keys(one.actions) },
              ...(one.presets.length === 0
                ? {}
                : { preset: { enum: one.presets.map((preset) => preset.slug) } }),
            },
            allOf: actions,
          },
        },
      },
    },
  };
}

/** A mapping that starts from a preset has the fields of the preset's action. */
function presetsOf({ presets }: Destination, action: string): readonly unknown[] {
  const slugs = presets.filter((one) => one.action === action).map(({ slug }) => slug);
  return slugs.length === 0 ? [] : [has('preset', slugs)];
}

function has(member: string, values: readonly string[]): unknown {
  return { properties: { [member]: { enum: values } }, required: [member] };
}

function modeOf({ syncMode }: Action): Record<string, unknown> {
  if (syncMode === undefined) return {};
  const { label = 'Sync mode', description, choices } = syncMode;
  const values = choices.map(({ value }) => value);
  return { [MODE_KEY]: { title: label, description, enum: values } };
}

/** Names and descriptions of fields, for editors: the mapping language defines their values. */
function fieldNames(fields: Fields): Record<string, unknown> {
  const names = Object.entries(fields).map(([key, field]) => {
    const members = field.properties === undefined ? {} : { properties: fieldNames(field.properties) };
    return [key, { title: field.label, description: field.description, ...members }] as const;
  });
  return Object.fromEntries(names);
}

const checks = new Map<object, ValidateFunction>();

/** Lists problems with the shape of a workspace; `resolveWorkspace` requires one without any. */
export function workspaceShapeIssues(value: unknown): readonly Issue[] {
  return shapeIssues(value, workspace);
}

/** Lists problems with the shape of a standalone tracking plan. */
export function trackingPlanShapeIssues(value: unknown): readonly Issue[] {
  return shapeIssues(value, trackingPlanSchema).map((one) => ({ ...one, code: 'tracking_plan_invalid' }));
}

function shapeIssues(value: unknown, schema: object): readonly Issue[] {
  // Most importers never use it.
  const check =
    checks.get(schema) ?? new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(schema);
  checks.set(schema, check);
  if (check(value)) return [];
  return (check.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'if').map(issueOf);
}

function issueOf(error: ErrorObject): Issue {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) =>
      /^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`,
    )
    .join('')
    .replace(/^\./, '');
  const params = error.params as Readonly<Record<string, unknown>>;
  const member = params['additionalProperty'] ?? params['missingProperty'];
  const at = typeof member === 'string' ? (path === '' ? member : `${path}.${member}`) : path;
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  switch (error.keyword) {
    case 'additionalProperties':
      return issue(at, `There is no such member${suggest(String(member), known)}`);
    case 'required':
      return issue(at, 'This member is required.');
    case 'enum':
      return issue(at, `Must be one of ${(params['allowedValues'] as unknown[]).join(', ')}.`);
    default:
      return issue(at, `Its value ${error.message ?? 'is not valid'}.`);
  }
}

function issue(path: string, message: string): Issue {
  return { code: 'workspace_invalid', path, message };
}
