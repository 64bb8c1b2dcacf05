import { defineFields, type Payload } from '@waybill/core';

/** The settings form of an audience source. */
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
    label: 'PostgreSQL URL',
    description:
      'Instead of a file: postgres://user:password@host:port/database, optionally with ?sslmode=verify-full. Use a read-only role.',
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
    label: 'Key Column',
    description: 'The column that identifies a row. It is also the user ID, unless another column is.',
    required: true,
  },
  audience: {
    type: 'string',
    label: 'Audience',
    description: 'Name of the audience at destinations: for example, the name of a list.',
    required: true,
  },
  userId: { type: 'string', label: 'User ID Column', description: 'The column with the user ID.' },
  email: {
    type: 'string',
    label: 'E-mail Column',
    description: 'The column with the e-mail address; `email` when empty.',
  },
  events: {
    type: 'string',
    label: 'Events',
    description: 'The events for rows that were added, changed or removed.',
    default: 'track',
    choices: [
      { value: 'track', label: 'Audience Entered, Audience Exited; identify for changed rows' },
      { value: 'identify', label: 'identify, with the audience as a trait' },
      { value: 'records', label: "new, updated and deleted, as in Segment's reverse ETL" },
    ],
  },
  everyMinutes: {
    type: 'integer',
    label: 'Run Interval',
    description: 'Minutes between runs; 0: only on request.',
    default: 60,
    minimum: 0,
    maximum: 44_640,
  },
  maxRemovedPercent: {
    type: 'number',
    label: 'Maximum Removed',
    description: 'In percent. A run that would remove more of the rows waits for confirmation.',
    default: 20,
    minimum: 0,
    maximum: 100,
  },
  audienceSettings: {
    type: 'object',
    label: 'Audience Settings',
    description: 'Settings of the audience that destinations need; see the page of the destination.',
    additionalProperties: true,
  },
  memoryMb: {
    type: 'integer',
    label: 'Memory',
    description: 'Megabytes of memory for the comparison; beyond that, it uses the disk.',
    default: 256,
    minimum: 64,
    maximum: 65_536,
  },
  storeMb: {
    type: 'integer',
    label: 'Store Limit',
    description:
      'Megabytes in a PostgreSQL store that several processes share: it holds the rows twice, and the changes of a run.',
    default: 2_048,
    minimum: 16,
    maximum: 65_536,
  },
  maxMinutes: {
    type: 'integer',
    label: 'Maximum Run Time',
    description: 'Minutes after which a comparison is stopped.',
    default: 30,
    minimum: 1,
    maximum: 1_440,
  },
});

/** The settings of an audience source. */
export type AudienceSettings = Payload<typeof audienceSettings>;
