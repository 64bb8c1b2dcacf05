import {
  defineAction,
  defineDestination,
  defineFields,
  delivered,
  type Item,
  type Outcome,
  type Payload,
  rejected,
  retry,
  type SendContext,
} from '@waybill/core';

const MODES = [
  'ok',
  'reject',
  'retry',
  'rate_limit',
  'unauthorized',
  'slow',
  'flaky',
  'bug',
  'wrong_count',
] as const;

type Mode = (typeof MODES)[number];

const settings = defineFields({
  mode: {
    type: 'string',
    label: 'Mode',
    description: 'The result of the items that the destination receives.',
    default: 'ok',
    choices: [
      { label: 'Accept every item', value: 'ok' },
      { label: 'Reject every item', value: 'reject' },
      { label: 'Ask to send every item again', value: 'retry' },
      { label: 'Ask for fewer calls', value: 'rate_limit' },
      { label: 'Refuse the credentials', value: 'unauthorized' },
      { label: 'Accept every item, after a while', value: 'slow' },
      { label: 'Fail at the first attempts, then accept the item', value: 'flaky' },
      { label: 'Throw an error', value: 'bug' },
      { label: 'Return one outcome too few', value: 'wrong_count' },
    ],
  },
  failEvery: {
    type: 'integer',
    label: 'Fail Every',
    description:
      'The mode applies to every n-th item of a call; the others are accepted. Empty or 1: all items.',
    minimum: 1,
  },
  delay: {
    type: 'integer',
    label: 'Delay',
    description: 'How long the modes with a delay wait, in milliseconds.',
    default: 1_000,
    minimum: 0,
    maximum: 60_000,
  },
  attempts: {
    type: 'integer',
    label: 'Attempts',
    description: 'Number of failed attempts in the mode that fails at first.',
    default: 1,
    minimum: 0,
  },
});

const fields = defineFields({
  name: {
    type: 'string',
    label: 'Name',
    description: 'Name of the item in the record of deliveries.',
    default: {
      '@if': { exists: { '@path': '$.event' }, then: { '@path': '$.event' }, else: { '@path': '$.type' } },
    },
  },
  data: {
    type: 'object',
    label: 'Data',
    description: 'What would be sent.',
    default: { '@path': '$.properties' },
  },
  mode: {
    type: 'string',
    label: 'Mode',
    description: 'Another mode for this item only.',
    choices: MODES,
    default: { '@path': '$.properties.dummy_mode' },
  },
});

type Settings = Payload<typeof settings>;
type Sent = Payload<typeof fields>;

const send = defineAction({
  title: 'Send',
  description: 'Sends nothing, and answers according to the mode.',
  defaultTrigger: 'type != "alias"',
  settings,
  fields,
  batch: { maxItems: 100, maxBytes: 1_000_000 },
  async send(items, context) {
    const modes = items.map((item, index) => modeOf(item, index, context.settings));
    if (modes.includes('bug')) throw new Error('The dummy destination is configured to fail.');
    if (modes.includes('slow')) await pause(context.settings.delay ?? 0);
    const outcomes = items.map((item, index) => outcome(modes[index]!, item, context));
    return modes.includes('wrong_count') ? outcomes.slice(1) : outcomes;
  },
});

function modeOf(item: Item<Sent>, index: number, { mode, failEvery }: Settings): Mode {
  if (item.payload.mode !== undefined) return item.payload.mode;
  if (failEvery !== undefined && (index + 1) % failEvery !== 0) return 'ok';
  return mode ?? 'ok';
}

function outcome(
  mode: Mode,
  item: Item<Sent>,
  { settings: { attempts, delay } }: SendContext<Settings>,
): Outcome {
  switch (mode) {
    case 'reject':
      return rejected('destination_rejected', 'The dummy destination rejects the item.', 'name');
    case 'retry':
      return retry('destination_unavailable', 'The dummy destination is not ready.');
    case 'rate_limit':
      return retry('destination_rate_limited', 'The dummy destination asks for fewer calls.', delay ?? 0);
    case 'unauthorized':
      return rejected('destination_unauthorized', 'The dummy destination refuses the credentials.');
    case 'flaky':
      return item.attempt > (attempts ?? 1)
        ? delivered(`Accepted at attempt ${item.attempt}.`)
        : retry('destination_unavailable', `The dummy destination fails at attempt ${item.attempt}.`);
    default:
      return delivered();
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A destination that sends nothing and fails as configured, for demonstrations and tests. */
export const dummy = defineDestination({
  slug: 'dummy',
  name: 'Dummy',
  description: 'Sends nothing and fails as configured: for testing retries, dead letters and replay.',
  settings,
  actions: { send },
  presets: [
    {
      slug: 'everything',
      name: 'Everything',
      type: 'automatic',
      action: 'send',
      trigger: 'type != "alias"',
      mapping: {
        name: fields.name.default,
        data: fields.data.default,
        mode: fields.mode.default,
      },
    },
  ],
  testConnection: async ({ settings: { mode } }) =>
    mode === 'unauthorized'
      ? {
          ok: false,
          issue: {
            code: 'destination_unauthorized',
            path: 'mode',
            message: 'The dummy destination is configured to refuse the credentials.',
          },
        }
      : { ok: true, message: 'The dummy destination is always available.' },
});
