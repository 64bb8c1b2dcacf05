import { defineFields, defineSource, failed, type Payload, type SourceEvent } from '@waybill/core';
import { sameSecret } from '../secret.ts';

const settings = defineFields({
  events: {
    type: 'integer',
    label: 'Events',
    description: 'Number of events to read.',
    default: 10,
    minimum: 0,
  },
  users: {
    type: 'integer',
    label: 'Users',
    description: 'Number of users, to whom the events belong in turn.',
    default: 3,
    minimum: 1,
  },
  pageSize: {
    type: 'integer',
    label: 'Page Size',
    description: 'Number of events read at once.',
    default: 5,
    minimum: 1,
    maximum: 1_000,
  },
  mode: {
    type: 'string',
    label: 'Mode',
    description: 'The result of an attempt to read.',
    default: 'ok',
    choices: [
      { label: 'Read everything', value: 'ok' },
      { label: 'Ask to be read later', value: 'unavailable' },
      { label: 'Refuse the credentials', value: 'unauthorized' },
      { label: 'Throw an error', value: 'bug' },
    ],
  },
  secret: {
    type: 'password',
    label: 'Secret',
    description: 'The value that webhook requests must have in the header x-dummy-secret.',
    default: 'dummy',
  },
});

type Settings = Payload<typeof settings>;

/** The number of read events. */
interface Cursor {
  readonly read: number;
}

function stream(name: string, every?: number) {
  return {
    title: `Events (${name})`,
    description: 'Numbered events, as many as the settings say.',
    ...(every === undefined ? {} : { every }),
    async read({ cursor }: { readonly cursor?: Cursor }, context: { readonly settings: Settings }) {
      const { events = 0, pageSize = 1, mode } = context.settings;
      if (mode === 'bug') throw new Error('The dummy source is configured to fail.');
      if (mode === 'unavailable')
        return { failure: failed('destination_unavailable', 'The dummy source is not ready.') };
      if (mode === 'unauthorized')
        return { failure: failed('destination_unauthorized', 'The dummy source refuses the credentials.') };
      const read = cursor?.read ?? 0;
      const end = Math.min(events, read + pageSize);
      const page = Array.from({ length: Math.max(0, end - read) }, (_, at) =>
        numbered(name, read + at, context.settings),
      );
      return { events: page, cursor: { read: Math.max(read, end) }, more: end < events };
    },
  };
}

function numbered(name: string, number: number, { users = 1 }: Settings): SourceEvent {
  return {
    type: 'track',
    event: 'Dummy Happened',
    messageId: `dummy-${name}-${number}`,
    userId: `user-${number % users}`,
    properties: { number },
  };
}

/** A simulated source that fails as configured, for demonstrations and tests. */
export const dummySource = defineSource({
  slug: 'dummy',
  name: 'Dummy',
  description: 'Generates events and fails as configured: for testing polls, back-fills and webhooks.',
  settings,
  streams: { live: stream('live', 1), history: stream('history') },
  webhook({ headers, body }, context) {
    if (!sameSecret(headers['x-dummy-secret'] ?? '', context.settings.secret ?? '')) {
      const message = 'The header x-dummy-secret does not contain the secret.';
      return { refused: { code: 'request_unauthorized', message } };
    }
    const events = JSON.parse(new TextDecoder().decode(body)) as readonly SourceEvent[];
    return { events };
  },
  testConnection: async ({ settings: { mode } }) =>
    mode === 'unauthorized'
      ? {
          ok: false,
          issue: {
            code: 'destination_unauthorized',
            path: 'mode',
            message: 'The dummy source is configured to refuse the credentials.',
          },
        }
      : { ok: true, message: 'The dummy source is always available.' },
});
