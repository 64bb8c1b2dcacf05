import {
  type DestinationConfig,
  type EarlierKey,
  HOOKS,
  type MappingConfig,
  type ProcessorConfig,
  type ResolvedMapping,
  type Secret,
  type SourceConfig,
  type Workspace,
  workspaceParts,
} from '@waybill/core';
import { adds, NOTED, removes, replaces } from './edits.ts';
import { CONNECTION, ISSUE } from './issues.ts';
import { CHANGED } from './refused.ts';
import { members, route } from './route.ts';
import { among, list, NAME, named, object, type Schema, text, typed, type TypeOf, whole } from './schema.ts';

/** The placeholder of a secret in answers; in a request it means "unchanged". */
export interface KeptSecret {
  readonly $secret: true;
}

/** A source as the API returns and accepts it. */
export type Source = Omit<SourceConfig, 'writeKey' | 'earlierKeys'> & {
  readonly writeKey?: Secret | KeptSecret;
  readonly earlierKeys?: readonly (Omit<EarlierKey, 'key'> & { readonly key: Secret | KeptSecret })[];
};

/** A whole workspace as the API returns and accepts it. */
export type ShownWorkspace = Omit<Workspace, 'sources'> & { readonly sources: readonly Source[] };

/** A destination as the API returns it: with complete mappings, also those of presets. */
export type Destination = Omit<DestinationConfig, 'mappings'> & {
  readonly mappings: readonly ResolvedMapping[];
};

const KEPT = object({ $secret: among([true]) });
const SOURCE_MEMBERS = workspaceParts.source.properties;
const KEY = {
  description:
    'The secret itself, the environment variable that contains it, or `$secret` to keep the stored one.',
  anyOf: [...(SOURCE_MEMBERS['writeKey']!['anyOf'] as Schema[]), KEPT],
};
const SOURCE = named(
  'Source',
  typed<Source>({
    ...workspaceParts.source,
    properties: {
      ...SOURCE_MEMBERS,
      writeKey: KEY,
      earlierKeys: {
        ...SOURCE_MEMBERS['earlierKeys'],
        items: object({ key: KEY, until: text({ description: 'Until when it is accepted.' }) }),
      },
    },
  }),
);
const PROCESSOR = named('Processor', typed<ProcessorConfig>(workspaceParts.processor));
const MAPPING_CONFIG = named('MappingConfig', typed<MappingConfig>(workspaceParts.mapping));
const MAPPING_CHANGE = typed<Partial<MappingConfig>>({
  ...MAPPING_CONFIG,
  title: 'MappingChange',
  required: [],
});
const CONFIG_MEMBERS = { ...workspaceParts.destination.properties, mappings: list(MAPPING_CONFIG) };
const DESTINATION_CONFIG = named(
  'DestinationConfig',
  typed<DestinationConfig>({ ...workspaceParts.destination, properties: CONFIG_MEMBERS }),
);
const WORKSPACE = named(
  'Workspace',
  typed<ShownWorkspace>({
    ...workspaceParts.workspace,
    properties: {
      ...workspaceParts.workspace.properties,
      sources: list(SOURCE),
      destinations: list(DESTINATION_CONFIG),
    },
  }),
);
const MAPPING = named(
  'Mapping',
  typed<ResolvedMapping>({
    ...workspaceParts.mapping,
    properties: { ...workspaceParts.mapping.properties, version: whole() },
    required: ['id', 'name', 'enabled', 'action', 'trigger', 'dialect', 'mapping'],
  }),
);
const DESTINATION = named(
  'Destination',
  typed<Destination>({
    ...workspaceParts.destination,
    properties: { ...workspaceParts.destination.properties, mappings: list(MAPPING) },
    required: ['id', 'type', 'settings', 'mappings'],
  }),
);
const DRAFT = named(
  'Draft',
  object({
    base: whole({ description: 'The version of the mapping that it is based on.' }),
    mapping: MAPPING_CONFIG,
    issues: list(ISSUE, { description: 'The errors that would prevent publishing.' }),
  }),
);

/** A draft of a mapping, and the errors that publishing it would return. */
export type Draft = TypeOf<typeof DRAFT>;

const GONE = ['request_not_found'] as const;

/** Routes of the configuration: the workspace, its sources, destinations, mappings and drafts. */
export const WORKSPACE_ROUTES = {
  'GET /api/workspace': route({ does: 'The whole workspace.', answer: WORKSPACE }),
  'PUT /api/workspace': replaces(
    'Replaces the whole workspace; a change is checked as a whole and refused as a whole.',
    WORKSPACE,
    WORKSPACE,
  ),
  'GET /api/sources': route({ does: 'The sources.', answer: list(SOURCE) }),
  'POST /api/sources': adds('Adds a source.', SOURCE, SOURCE),
  'GET /api/sources/:id': route({ does: 'One source.', answer: SOURCE, errors: GONE }),
  'PUT /api/sources/:id': replaces('Replaces a source.', SOURCE, SOURCE),
  'DELETE /api/sources/:id': removes('Removes a source.'),
  'GET /api/processors': route({
    does: 'The processors, in the order in which they run.',
    answer: list(PROCESSOR),
  }),
  'POST /api/processors': adds('Adds a processor, after the others.', PROCESSOR, PROCESSOR),
  'GET /api/processors/:id': route({ does: 'One processor.', answer: PROCESSOR, errors: GONE }),
  'PUT /api/processors/:id': replaces('Replaces a processor.', PROCESSOR, PROCESSOR),
  'DELETE /api/processors/:id': removes('Removes a processor, with its stored state of users.'),
  'GET /api/destinations': route({
    does: 'The destinations, with their mappings.',
    answer: list(DESTINATION),
  }),
  'POST /api/destinations': adds('Adds a destination.', DESTINATION_CONFIG, DESTINATION),
  'GET /api/destinations/:id': route({ does: 'One destination.', answer: DESTINATION, errors: GONE }),
  'PUT /api/destinations/:id': replaces('Replaces a destination.', DESTINATION_CONFIG, DESTINATION),
  'PATCH /api/destinations/:id': replaces(
    'Changes the given properties of a destination.',
    typed<Partial<DestinationConfig>>({ ...DESTINATION_CONFIG, title: 'DestinationChange', required: [] }),
    DESTINATION,
  ),
  'DELETE /api/destinations/:id': removes('Removes a destination.'),
  'POST /api/destinations/:id/test': route({
    role: 'edit',
    does: 'Tests the settings with a real call.',
    answer: CONNECTION,
    errors: GONE,
  }),
  'POST /api/connection-test': route({
    role: 'edit',
    does: 'Tests settings with a real call before they are saved; `{ "$secret": true }` refers to the stored secret of the destination `id`.',
    body: members(
      { id: NAME },
      { type: NAME, settings: typed<DestinationConfig['settings']>({ type: 'object' }) },
    ),
    answer: CONNECTION,
    errors: CHANGED,
  }),
  'GET /api/destinations/:id/mappings': route({
    does: 'The mappings of a destination.',
    answer: list(MAPPING),
    errors: GONE,
  }),
  'POST /api/destinations/:id/mappings': adds('Adds a mapping.', MAPPING_CONFIG, MAPPING),
  'GET /api/destinations/:id/mappings/:mapping': route({
    does: 'One mapping.',
    answer: MAPPING,
    errors: GONE,
  }),
  'PUT /api/destinations/:id/mappings/:mapping': replaces('Replaces a mapping.', MAPPING_CHANGE, MAPPING),
  'PATCH /api/destinations/:id/mappings/:mapping': replaces(
    'Changes the given properties of a mapping as configured: a preset stays a preset.',
    MAPPING_CHANGE,
    MAPPING,
  ),
  'PUT /api/destinations/:id/mappings/order': route({
    does: 'Reorders the mappings of a destination: takes the IDs of all of them, each once.',
    query: NOTED,
    body: list(NAME),
    edits: true,
    answer: list(MAPPING),
    errors: CHANGED,
  }),
  'DELETE /api/destinations/:id/mappings/:mapping': removes('Removes a mapping.'),
  'GET /api/destinations/:id/drafts': route({
    does: 'The IDs of the mappings that have drafts.',
    answer: list(text()),
    errors: GONE,
  }),
  'GET /api/destinations/:id/mappings/:mapping/draft': route({
    does: 'The draft of a mapping.',
    answer: DRAFT,
    errors: GONE,
  }),
  'PUT /api/destinations/:id/mappings/:mapping/draft': route({
    does: 'Saves a draft, which does not run; the mapping may be a new one.',
    query: members({ base: whole() }),
    body: MAPPING_CHANGE,
    isConfig: true,
    edits: true,
    answer: DRAFT,
    errors: CHANGED,
  }),
  'DELETE /api/destinations/:id/mappings/:mapping/draft': removes('Discards a draft.'),
  'POST /api/destinations/:id/mappings/:mapping/draft/publish': route({
    does: 'Publishes a draft: it replaces the live mapping. Hooks of the action run first, each once for its inputs.',
    query: NOTED,
    edits: true,
    answer: MAPPING,
    errors: CHANGED,
  }),
  'POST /api/destinations/:id/mappings/:mapping/hooks/:hook': route({
    does: 'Runs a hook of a mapping again, with its inputs in the draft, and stores its outputs in the draft, which is created if there is none.',
    params: { hook: among(HOOKS) },
    query: NOTED,
    edits: true,
    answer: DRAFT,
    errors: CHANGED,
  }),
} as const;
