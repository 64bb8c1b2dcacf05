import { LOGGED_EVENT, REFUSAL } from './events.ts';
import { CODE } from './issues.ts';
import { members, route } from './route.ts';
import { among, AT, either, list, named, object, text, type TypeOf, whole } from './schema.ts';

/** The topics that can be followed. */
export const TOPICS = ['events', 'outcomes', 'refusals', 'lanes'] as const;

/** A topic that can be followed. */
export type Topic = (typeof TOPICS)[number];

const SUM = named(
  'OutcomeSum',
  object({
    destination: text(),
    events: whole({ description: 'Events that it has processed since the previous message.' }),
    outcomes: list(
      object({
        mappingId: text({ description: 'Empty when no mapping of the destination matched.' }),
        status: among(['delivered', 'skipped', 'rejected', 'retry']),
        code: text({ description: 'Empty for delivered items.' }),
        count: whole(),
      }),
    ),
  }),
);
const LANE = named(
  'LiveLane',
  object(
    {
      destination: text(),
      cursor: whole(),
      lag: whole({
        description: 'Events after its position; live ones among them may already be processed.',
      }),
      delivered: whole(),
      skipped: whole(),
      rejected: whole(),
      retrying: whole(),
      deadLetters: whole(),
    },
    {
      partition: whole(),
      oldestRetryAt: AT,
      hold: object({ code: CODE, message: text(), since: AT, until: AT }),
    },
  ),
);
const SKIPPED = named(
  'SkippedRows',
  object({ topic: among(['events', 'refusals']), skipped: whole({ minimum: 1 }) }),
);

/** The contents of messages of a stream, by event name. */
export interface StreamMessages {
  readonly events: TypeOf<typeof LOGGED_EVENT>;
  /** The counts of a destination since the previous message. */
  readonly outcomes: TypeOf<typeof SUM>;
  readonly refusals: TypeOf<typeof REFUSAL>;
  /** The status of a destination, when it changed. */
  readonly lanes: TypeOf<typeof LANE>;
  /** The number of rows of a topic that were left out. */
  readonly skipped: TypeOf<typeof SKIPPED>;
}

/** A message of a stream; its `id`, if any, is the position to continue from. */
export type StreamMessage = {
  readonly [K in keyof StreamMessages]: {
    readonly kind: K;
    readonly data: StreamMessages[K];
    readonly id?: number;
  };
}[keyof StreamMessages];

/** The route of the live stream. */
export const STREAM_ROUTES = {
  'GET /api/stream': route({
    does: 'Live updates as server-sent events named by their topic: at most 50 rows a second, and how many were `skipped`. The ID of a message is the position to continue from.',
    query: members({
      topics: text({
        minLength: 1,
        maxLength: 100,
        description: `Some of ${TOPICS.join(', ')}; all when absent.`,
      }),
      where: text({ minLength: 1 }),
      sourceId: text({ minLength: 1, maxLength: 512, description: 'Events of this source alone.' }),
      after: whole(),
    }),
    answer: either(LOGGED_EVENT, SUM, REFUSAL, LANE, SKIPPED),
    media: 'text/event-stream',
    errors: ['trigger_syntax', 'trigger_unknown_word', 'trigger_too_large'],
  }),
} as const;
