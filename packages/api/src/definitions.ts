import type { Fields, Preset } from '@waybill/core';
import { route } from './route.ts';
import { anything, list, named, object, record, text, typed, type TypeOf, whole, yes } from './schema.ts';

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
const ACTION = object(
  { key: text(), title: text(), description: text(), fields: FIELDS },
  {
    defaultTrigger: text(),
    batch: object({}, { maxItems: whole(), maxBytes: whole(), allOrNothing: yes() }),
  },
);
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
    { maxMappings: whole() },
  ),
);

/** A destination that there is, as data. */
export type Definition = TypeOf<typeof DEFINITION>;

/** The route of definitions. */
export const DEFINITION_ROUTES = {
  'GET /api/definitions': route({
    does: 'The destinations there are, with settings, actions, fields and presets.',
    answer: list(DEFINITION),
  }),
} as const;
