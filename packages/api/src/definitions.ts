import { type AudienceMode, type Fields, type Preset, SYNC_MODES, type SyncModes } from '@waybill/core';
import { route } from './route.ts';
import {
  among,
  anything,
  list,
  named,
  object,
  record,
  text,
  typed,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const ANY = anything();
const FIELDS = typed<Fields>(
  record(
    named(
      'Field',
      object(
        { type: text(), label: text(), description: text() },
        {
          required: ANY,
          default: ANY,
          format: text(),
          multiple: yes(),
          properties: ANY,
          additionalProperties: yes(),
          allowNull: yes(),
          choices: ANY,
          minimum: ANY,
          maximum: ANY,
          placeholder: text(),
          dynamic: yes(),
          defaultObjectUI: text(),
          unsafe_hidden: yes(),
          readOnly: yes(),
          depends_on: ANY,
          category: text(),
          displayMode: text(),
          disabledInputMethods: list(text()),
        },
      ),
    ),
  ),
);
const PRESET = named(
  'Preset',
  typed<Preset>(
    object(
      { slug: text(), name: text(), type: text(), action: text(), mapping: { type: 'object' } },
      { trigger: text(), dialect: text(), eventSlug: text() },
    ),
  ),
);
const SYNC_MODE = typed<SyncModes>({
  type: 'object',
  description: 'The sync modes that mappings can choose.',
  properties: {
    default: { enum: SYNC_MODES },
    label: text(),
    description: text(),
    choices: list(object({ value: among(SYNC_MODES), label: text() })),
  },
  required: ['choices'],
});
const HOOK = object(
  { label: text(), description: text(), fields: FIELDS },
  { outputs: FIELDS, dynamicFields: list(text()) },
);
const ACTION = object(
  { key: text(), title: text(), description: text(), fields: FIELDS },
  {
    defaultTrigger: text(),
    syncMode: SYNC_MODE,
    hooks: object({}, { onMappingSave: HOOK, retlOnMappingSave: HOOK }),
    dynamicFields: list(
      text({ description: 'The path of a field whose choices are read from the account.' }),
    ),
    batch: object(
      {},
      {
        maxItems: whole(),
        maxBytes: whole(),
        allOrNothing: text({ description: 'Why one response applies to all items.' }),
      },
    ),
  },
);
const AUDIENCE_MODE = typed<AudienceMode>({
  ...object({ type: among(['realtime', 'synced']) }, { fullSync: yes() }),
  description:
    'When it wants the members of audiences: each as it enters or leaves, or in runs, with all members each time if `fullSync`.',
});
const DEFINITION = named(
  'Definition',
  object(
    {
      slug: text(),
      name: text(),
      description: text(),
      settings: FIELDS,
      actions: list(ACTION),
      presets: list(PRESET),
    },
    {
      maxMappings: whole(),
      deletesUsers: yes(),
      signsInByOAuth: yes(),
      audiences: FIELDS,
      audienceMode: AUDIENCE_MODE,
    },
  ),
);

const SOURCE_TYPE = named(
  'SourceType',
  object({ slug: text(), name: text(), description: text(), settings: FIELDS }),
);

const PROCESSOR_TYPE = named(
  'ProcessorType',
  object({
    slug: text(),
    name: text(),
    description: text(),
    settings: FIELDS,
    trigger: text({ description: 'Which events it applies to.' }),
    events: typed<Readonly<Record<string, Fields>>>({
      ...record({ type: 'object' }),
      description: 'The events that it derives, with the fields of their properties.',
    }),
  }),
);

/** An available destination, as data. */
export type Definition = TypeOf<typeof DEFINITION>;

/** An available type of source, as data. */
export type SourceType = TypeOf<typeof SOURCE_TYPE>;

/** An available type of processor, as data. */
export type ProcessorType = TypeOf<typeof PROCESSOR_TYPE>;

/** Routes of definitions. */
export const DEFINITION_ROUTES = {
  'GET /api/definitions': route({
    does: 'The available destinations, with settings, actions, fields and presets.',
    answer: list(DEFINITION),
  }),
  'GET /api/source-types': route({
    does: 'The types of sources in addition to the tracking API, with their settings: shops, and those of modules.',
    answer: list(SOURCE_TYPE),
  }),
  'GET /api/processor-types': route({
    does: 'The available types of processors, with their settings and the events that they derive.',
    answer: list(PROCESSOR_TYPE),
  }),
} as const;
