import { defineFields, defineProcessor } from '@waybill/core';

const settings = defineFields({
  quiet: {
    type: 'integer',
    label: 'Quiet',
    description: 'Milliseconds without an event after which a user counts as inactive.',
    default: 1_000,
    minimum: 0,
  },
  failAt: {
    type: 'integer',
    label: 'Fail At',
    description: 'The number of the event of each user at which an error is thrown; never when empty.',
  },
});

const count = {
  type: 'integer',
  label: 'Count',
  description: 'How many events the user has sent.',
  required: true,
} as const;

/** A processor that counts the events of each user, for demonstrations and tests. */
export const dummyProcessor = defineProcessor({
  slug: 'dummy',
  name: 'Dummy',
  description: 'Counts the events of each user, and reports inactive users.',
  settings,
  trigger: 'type = "track" and event = "Dummy Happened"',
  events: {
    'Dummy Counted': defineFields({ count }),
    'Dummy Quiet': defineFields({
      count,
      due: { type: 'integer', label: 'Due', description: 'The time that was set.', required: true },
    }),
  },
  initial: () => ({ count: 0 }),
  process(state, _event, { settings: { quiet = 0, failAt }, now }) {
    const next = { count: state.count + 1 };
    if (next.count === failAt) throw new Error('The dummy processor is configured to fail.');
    return {
      state: next,
      events: [{ event: 'Dummy Counted', properties: next }],
      timers: { quiet: now + quiet },
    };
  },
  wake: (state, { due }) => ({
    state,
    events: [{ event: 'Dummy Quiet', properties: { count: state.count, due } }],
  }),
});
