import { FORMATS, type SchemaDocument } from '@waybill/core';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const text = { type: 'string', minLength: 1 };
const slug = { type: 'string', pattern: '^[a-z][a-z0-9-]*$' };

const condition = {
  type: 'object',
  properties: {
    type: { enum: ['field', 'syncMode'], default: 'field' },
    fieldKey: { ...text, description: 'Name of the other field; a dotted path reaches into objects.' },
    operator: { enum: ['is', 'is_not'] },
    value: { description: 'The value to compare with; a list means any of them; absent means no value.' },
  },
  required: ['operator'],
  additionalProperties: false,
};

const conditions = {
  properties: {
    match: { enum: ['all', 'any'], default: 'all' },
    conditions: { type: 'array', items: condition },
  },
  required: ['conditions'],
  additionalProperties: false,
};

/** Returns the schema of a field of an action or a setting. */
const field = {
  type: 'object',
  properties: {
    type: {
      enum: ['string', 'text', 'number', 'integer', 'datetime', 'boolean', 'password', 'object'],
      description: 'Type of the value. `datetime` accepts an ISO 8601 string or an epoch number.',
    },
    label: { ...text, description: 'Name shown to people.' },
    description: { ...text, description: 'Purpose.' },
    required: {
      type: ['boolean', 'object'],
      description: 'Always, never, or if the conditions are met.',
      ...conditions,
    },
    default: {
      description: 'What a new mapping starts with, in the mapping language. Never applied at delivery.',
    },
    format: { enum: [...Object.keys(FORMATS).filter((name) => name !== 'date-like'), 'password', 'text'] },
    multiple: { type: 'boolean', description: 'The value is a list.' },
    properties: { $ref: '#/$defs/fields', description: 'Members of an object.' },
    additionalProperties: {
      type: 'boolean',
      description: 'Whether an object keeps members that are not listed.',
    },
    allowNull: { type: 'boolean' },
    choices: {
      type: 'array',
      minItems: 1,
      description: 'The values it may have.',
      items: {
        type: ['string', 'number', 'object'],
        properties: { label: { type: 'string' }, value: { type: ['string', 'number', 'boolean'] } },
        required: ['label', 'value'],
      },
    },
    minimum: { type: 'number', description: 'Minimum of a number, or minimum length of a string.' },
    maximum: { type: 'number', description: 'Maximum of a number, or maximum length of a string.' },
    placeholder: { type: 'string' },
    dynamic: { type: 'boolean' },
    defaultObjectUI: { enum: ['keyvalue', 'object', 'keyvalue:only', 'object:only', 'arrayeditor'] },
    unsafe_hidden: { type: 'boolean' },
    readOnly: { type: 'boolean' },
    depends_on: { type: 'object', description: 'When an editor shows it.', ...conditions },
    category: { enum: ['identifier', 'data', 'internal', 'config', 'sync', 'hashedPII'] },
    displayMode: { enum: ['expanded', 'normal', 'collapsed'] },
    disabledInputMethods: {
      type: 'array',
      items: { enum: ['literal', 'variable', 'function', 'enrichment', 'freeform'] },
    },
  },
  required: ['type', 'label', 'description'],
  additionalProperties: false,
};

const preset = {
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    slug: { ...text, description: 'Stable name within the destination.' },
    name: { ...text, description: 'Name shown to people.' },
    type: {
      enum: ['automatic', 'specificEvent'],
      description:
        'Created automatically with a new destination, or for one kind of event that a product feature emits.',
    },
    action: { ...text, description: 'Key of the action.' },
    trigger: { ...text, description: 'Which events it applies to, in the trigger language.' },
    dialect: { enum: ['waybill', 'segment'], description: 'How the trigger is interpreted.' },
    eventSlug: { ...text, description: 'The kind of event, as Segment names it.' },
    mapping: { type: 'object', description: 'Fields of the action, in the mapping language.' },
  },
  required: ['slug', 'name', 'type', 'action', 'mapping'],
  additionalProperties: false,
  allOf: [
    {
      if: { properties: { type: { const: 'automatic' } }, required: ['type'] },
      then: { required: ['trigger'] },
    },
    {
      if: { properties: { type: { const: 'specificEvent' } }, required: ['type'] },
      then: { required: ['eventSlug'] },
    },
  ],
};

const hook = {
  type: 'object',
  properties: {
    label: { ...text, description: 'Name shown to people.' },
    description: { ...text, description: 'What the action does.' },
    fields: { $ref: '#/$defs/fields', description: 'Inputs that a person enters.' },
    outputs: { $ref: '#/$defs/fields', description: 'Outputs of the hook.' },
  },
  required: ['label', 'description', 'fields'],
  additionalProperties: false,
};

const action = {
  type: 'object',
  properties: {
    title: { ...text, description: 'Title, unique among the actions of the destination.' },
    description: { ...text, description: 'What the action does.' },
    defaultTrigger: { type: 'string', description: 'The trigger that a new mapping starts with.' },
    hidden: { type: 'boolean' },
    fields: { $ref: '#/$defs/fields' },
    batch: {
      type: 'object',
      description: 'How items share one call; absent: one item a call.',
      properties: {
        maxItems: { type: 'integer', minimum: 1 },
        maxBytes: { type: 'integer', minimum: 1 },
        oneItemPerUser: { type: 'boolean' },
        allOrNothing: {
          ...text,
          description: 'Why the response to a call applies to all of its items.',
        },
      },
      required: ['maxItems', 'maxBytes'],
      additionalProperties: false,
    },
    delta: {
      type: 'object',
      description: 'How an action can send only changes.',
      properties: { fields: { ...text, description: 'Name of the object field whose members are merged.' } },
      required: ['fields'],
      additionalProperties: false,
    },
    syncMode: {
      type: 'object',
      properties: {
        default: { type: 'string' },
        label: { type: 'string' },
        description: { type: 'string' },
        choices: {
          type: 'array',
          items: {
            type: 'object',
            properties: { label: { type: 'string' }, value: { type: 'string' } },
            required: ['value'],
          },
        },
      },
      required: ['choices'],
    },
    hooks: {
      type: 'object',
      description: 'Runs once when a mapping is published.',
      properties: { onMappingSave: hook, retlOnMappingSave: hook },
      additionalProperties: false,
    },
  },
  required: ['title', 'description', 'fields'],
  additionalProperties: false,
};

const oauth = {
  type: 'object',
  description: 'How an account is connected: the authorisation code flow of OAuth 2, with PKCE.',
  properties: {
    authorizeUrl: {
      ...text,
      pattern: '^https?://',
      description: 'The page where a person allows access; absent: the setting `oauth_authorize_url`.',
    },
    tokenUrl: {
      ...text,
      pattern: '^https?://',
      description: 'Where tokens are requested and renewed; absent: the setting `oauth_refresh_token_url`.',
    },
    scopes: { type: 'array', items: text, description: 'The scopes to request.' },
    parameters: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Further parameters of the address of that page.',
    },
    clientAuthentication: {
      enum: ['body', 'basic'],
      default: 'body',
      description: 'Where the ID and secret of the application go in a call of the token endpoint.',
    },
  },
  additionalProperties: false,
};

/** Returns the schema of a preset file. */
export function presetSchema(): SchemaDocument {
  return {
    $schema: DIALECT,
    title: 'Waybill preset',
    description: 'A mapping to start from, as data.',
    ...preset,
  };
}

/** Returns the schema of a destination definition as data: everything but its code. */
export function definitionSchema(): SchemaDocument {
  return {
    $schema: DIALECT,
    title: 'Waybill destination definition',
    description: 'A destination with its settings, actions and presets, as data: everything but its code.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      slug: { ...slug, description: 'Stable name.' },
      name: { ...text, description: 'Name shown to people.' },
      description: { ...text, description: 'What the action does.' },
      settings: { $ref: '#/$defs/fields' },
      actions: {
        type: 'object',
        minProperties: 1,
        additionalProperties: { $ref: '#/$defs/action' },
      },
      presets: { type: 'array', items: { $ref: '#/$defs/preset' } },
      dialect: {
        enum: ['waybill', 'segment'],
        default: 'waybill',
        description: 'How its triggers are interpreted.',
      },
      maxMappings: { type: 'integer', minimum: 1, description: 'Maximum number of mappings of an instance.' },
      deletesUsers: { type: 'boolean', description: 'Whether it deletes people on request.' },
      oauth,
      audiences: {
        $ref: '#/$defs/fields',
        description: 'What a person sets for an audience that it creates; absent where it creates none.',
      },
      audienceMode: {
        description:
          'When it wants the members of audiences: `realtime`, each as it enters or leaves; `synced`, in runs, with all members each time if `fullSync`.',
        type: 'object',
        properties: { type: { enum: ['realtime', 'synced'] }, fullSync: { type: 'boolean' } },
        required: ['type'],
        additionalProperties: false,
      },
    },
    required: ['slug', 'name', 'description', 'settings', 'actions'],
    additionalProperties: false,
    $defs: {
      fields: { type: 'object', additionalProperties: { $ref: '#/$defs/field' } },
      field,
      action,
      preset,
    },
  };
}
