import { defineFields, type Payload } from '@waybill/core';

/** What a person enters for an audience source. */
export const audienceSettings = defineFields({
  file: {
    type: 'string',
    label: 'File',
    description:
      'A CSV, Parquet or JSON-lines file on the server, below a folder of WAYBILL_AUDIENCE_FILES. Write a new file and rename it.',
    required: { conditions: [{ fieldKey: 'url', operator: 'is' }] },
  },
  url: {
    type: 'password',
    label: 'URL of a PostgreSQL database',
    description:
      'Instead of a file: postgres://user:password@host:port/database, perhaps with ?sslmode=verify-full. Use a role that can only read.',
  },
  query: {
    type: 'text',
    label: 'Query',
    description:
      'One SELECT. Of a file: over the table `rows`, all rows when empty. Of a database: over its tables.',
    required: { conditions: [{ fieldKey: 'url', operator: 'is_not' }] },
  },
  key: {
    type: 'string',
    label: 'Key column',
    description: 'The column that tells rows apart. It is the user ID unless another column is.',
    required: true,
  },
  audience: {
    type: 'string',
    label: 'Audience',
    description: 'What the audience is called at destinations: the name of a list, for example.',
    required: true,
  },
  userId: { type: 'string', label: 'User ID column', description: 'The column with the user ID.' },
  email: {
    type: 'string',
    label: 'E-mail column',
    description: 'The column with the e-mail address; `email` when empty.',
  },
  events: {
    type: 'string',
    label: 'Events',
    description: 'What becomes of rows that came, changed or went.',
    default: 'track',
    choices: [
      { value: 'track', label: 'Audience Entered and Audience Exited; identify for changed rows' },
      { value: 'identify', label: 'identify, with the audience as a trait' },
      { value: 'records', label: 'new, updated and deleted, as reverse ETL at Segment' },
    ],
  },
  everyMinutes: {
    type: 'integer',
    label: 'Minutes between runs',
    description: 'How often rows are compared; 0 only when somebody asks for it.',
    default: 60,
    minimum: 0,
    maximum: 44_640,
  },
  maxRemovedPercent: {
    type: 'number',
    label: 'Most removed, in percent',
    description: 'A run that would remove more of the rows waits for a person.',
    default: 20,
    minimum: 0,
    maximum: 100,
  },
  audienceSettings: {
    type: 'object',
    label: 'Audience settings',
    description: 'What destinations want to know of an audience; see the page of the destination.',
    additionalProperties: true,
  },
  memoryMb: {
    type: 'integer',
    label: 'Memory in MB',
    description: 'What comparing may take; what does not fit is put on the disk.',
    default: 256,
    minimum: 64,
    maximum: 65_536,
  },
  maxMinutes: {
    type: 'integer',
    label: 'Longest run in minutes',
    description: 'How long comparing may take.',
    default: 30,
    minimum: 1,
    maximum: 1_440,
  },
});

/** The settings of an audience source. */
export type AudienceSettings = Payload<typeof audienceSettings>;
