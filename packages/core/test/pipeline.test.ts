import { beforeEach, describe, expect, it } from 'vitest';
import {
  createPipeline,
  defineAction,
  defineDestination,
  defineFields,
  delivered,
  type Destination,
  type Event,
  type MappingConfig,
  type Pipeline,
  type ReadyItem,
  resolveDestination,
  type SendContext,
} from '../src/index.ts';

const settings = defineFields({
  project: { type: 'string', label: 'Project', description: 'How users are identified.', default: 'hybrid' },
  apiKey: { type: 'password', label: 'API key', description: 'A secret.', required: true },
});

const received: string[] = [];
let answer: 'ok' | 'throw' | 'short' = 'ok';

const note = defineAction({
  title: 'Note',
  description: 'Takes a note.',
  settings,
  defaultTrigger: 'type = "track"',
  fields: {
    text: {
      type: 'string',
      label: 'Text',
      description: 'What it says.',
      required: true,
      default: { '@path': '$.event' },
    },
    email: {
      type: 'string',
      label: 'E-mail',
      description: 'Whose.',
      default: { '@path': '$.properties.email' },
    },
    userId: { type: 'string', label: 'User ID', description: 'Whose.', default: { '@path': '$.userId' } },
    count: {
      type: 'integer',
      label: 'Count',
      description: 'How many.',
      default: { '@path': '$.properties.count' },
    },
    batch_size: { type: 'number', label: 'Batch size', description: 'How many in a call.' },
  },
  identifiers: ({ email, userId }) => ({ email, userId }),
  batch: { maxItems: 100, maxBytes: 10_000 },
  async send(items, context) {
    received.push(
      ...items.map((item) => `${context.settings.apiKey} ${item.payload.text} ${item.identity?.by}`),
    );
    if (answer === 'throw') throw new Error('the author made a mistake');
    return answer === 'short' ? [] : items.map(() => delivered());
  },
});

const toy: Destination = defineDestination({
  slug: 'toy',
  name: 'Toy',
  description: 'For tests.',
  settings,
  actions: { note },
  projectType: (given) => given.project as 'hybrid',
});

const everything: MappingConfig = {
  id: 'all',
  action: 'note',
  mapping: Object.fromEntries(
    Object.entries(note.fields).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  ),
};

function resolve(mappings: readonly MappingConfig[], more: object = {}) {
  return resolveDestination(
    { id: 't', type: 'toy', settings: { apiKey: 'k' }, mappings, ...more },
    { destinations: [toy], env: (name) => (name === 'KEY' ? 'from env' : undefined) },
  );
}

function pipeline(...mappings: readonly MappingConfig[]): Pipeline {
  const resolved = resolve(mappings);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
  return createPipeline({
    destination: toy,
    settings: resolved.value.settings,
    mappings: resolved.value.mappings,
  });
}

function event(more: object = {}): Event {
  return {
    type: 'track',
    event: 'Seen',
    messageId: 'm1',
    userId: 'u1',
    timestamp: '2026-03-14T00:00:00.000Z',
    receivedAt: '2026-03-14T00:00:00.000Z',
    ...more,
  } as Event;
}

const context: SendContext = {
  settings: { apiKey: 'k' },
  request: () => Promise.reject(new Error('unused')),
  now: () => 0,
};

beforeEach(() => {
  received.length = 0;
  answer = 'ok';
});

describe('preparing an event', () => {
  it('makes one item per matching mapping, in their order', () => {
    const { items } = pipeline(everything, { ...everything, id: 'other' }).prepare(event());
    expect(items.map((item) => [item.kind, item.mappingId])).toEqual([
      ['ready', 'all'],
      ['ready', 'other'],
    ]);
    expect(items[0]).toMatchObject({
      user: 'u:u1',
      item: { key: 'm1 all', payload: { text: 'Seen', userId: 'u1' } },
    });
  });

  it('reports that no mapping matched', () => {
    expect(pipeline(everything).prepare(event({ type: 'page' }))).toMatchObject({
      items: [],
      skipped: { code: 'no_matching_mapping' },
    });
  });

  it('skips a disabled mapping', () => {
    expect(pipeline({ ...everything, enabled: false }).prepare(event())).toMatchObject({
      skipped: { code: 'no_matching_mapping' },
    });
  });

  it.each([
    [{ All: false }, 0],
    [{ All: false, Toy: true }, 1],
    [{ Toy: false }, 0],
    [{ toy: { option: 1 } }, 1],
    [{}, 1],
  ])('respects integrations %j', (integrations, count) => {
    expect(pipeline(everything).prepare(event({ integrations })).items).toHaveLength(count);
  });

  it('refuses a payload with the path of every problem, and keeps the mapped payload', () => {
    const [item] = pipeline({
      ...everything,
      mapping: { ...everything.mapping, text: { '@path': '$.nothing' } },
    }).prepare(event({ properties: { count: 'many' } })).items;
    expect(item).toMatchObject({
      kind: 'ended',
      payload: { count: 'many' },
      outcome: { status: 'rejected', message: expect.stringContaining('Text') },
    });
  });

  it('refuses a payload without a user', () => {
    const [item] = pipeline(everything).prepare(event({ userId: undefined, anonymousId: 'a' })).items;
    expect(item).toMatchObject({ kind: 'ended', outcome: { status: 'rejected', code: 'identity_missing' } });
  });

  it('keeps the batch size of the mapping, and out of the payload', () => {
    const [item] = pipeline({ ...everything, mapping: { ...everything.mapping, batch_size: 7 } }).prepare(
      event(),
    ).items;
    expect(item).toMatchObject({ rule: { maxItems: 7 } });
    expect((item as ReadyItem).item.payload).not.toHaveProperty('batch_size');
  });

  it('makes calls of one item when the mapping turns batching off', () => {
    const [item] = pipeline({
      ...everything,
      mapping: { ...everything.mapping, enable_batching: false },
    }).prepare(event()).items;
    expect(item).toMatchObject({ rule: { maxItems: 1 } });
  });

  it('prepares one mapping again, or reports why it is gone', () => {
    const made = pipeline(everything);
    expect(made.prepareOne(event(), 'all', 3)).toMatchObject({ kind: 'ready', item: { attempt: 3 } });
    expect(made.prepareOne(event(), 'gone', 3)).toMatchObject({ outcome: { code: 'mapping_removed' } });
    expect(made.prepareOne(event({ type: 'page' }), 'all', 3)).toMatchObject({
      outcome: { code: 'trigger_no_longer_matches' },
    });
  });
});

describe('sending', () => {
  const ready = () => pipeline(everything).prepare(event()).items as readonly ReadyItem[];

  it('passes settings, payloads and identity to the action', async () => {
    expect(await pipeline(everything).send(ready(), context)).toEqual([{ status: 'delivered' }]);
    expect(received).toEqual(['k Seen userId']);
  });

  it('retries when the code of the action throws', async () => {
    answer = 'throw';
    expect(await pipeline(everything).send(ready(), context)).toMatchObject([
      { status: 'retry', code: 'destination_bug' },
    ]);
  });

  it('treats an answer for a wrong number of items as a failure, and does not retry', async () => {
    answer = 'short';
    expect(await pipeline(everything).send(ready(), context)).toMatchObject([
      { status: 'rejected', code: 'action_outcome_invalid' },
    ]);
  });
});

describe('resolving a destination', () => {
  const codes = (mappings: readonly MappingConfig[], more: object = {}) => {
    const result = resolve(mappings, more);
    return result.ok ? [] : result.issues.map((issue) => `${issue.path}: ${issue.code}`);
  };

  it.each<[string, Partial<MappingConfig>, string]>([
    ['an unknown action', { action: 'notes' }, 'mappings[0].action: workspace_unknown_action'],
    [
      'an action that every object has',
      { action: 'constructor' },
      'mappings[0].action: workspace_unknown_action',
    ],
    ['an unknown preset', { preset: 'x' }, 'mappings[0].preset: workspace_unknown_preset'],
    ['a misspelt trigger word', { trigger: 'typ = "track"' }, 'mappings[0].trigger: trigger_unknown_word'],
    ['a broken trigger', { trigger: 'type = ' }, 'mappings[0].trigger: trigger_syntax'],
    [
      'a misspelt directive',
      { mapping: { text: { '@pth': '$.a' } } },
      'mappings[0].mapping.text: mapping_unknown_directive',
    ],
    ['an unknown field', { mapping: { txt: 'a' } }, 'mappings[0].mapping.txt: mapping_unknown_field'],
  ])('names the place of %s', (_name, more, expected) => {
    expect(
      codes([{ ...everything, ...more }]).map((code) => code.replace(/(txt|text)\.?[^:]*:/, '$1:')),
    ).toEqual([expected]);
  });

  it('shows where the trigger is invalid', () => {
    const result = resolve([{ ...everything, trigger: 'type = "track" and evnt = "A"' }]);
    expect(result).toMatchObject({ ok: false, issues: [{ message: expect.stringContaining('^') }] });
  });

  it('refuses more mappings than the destination may have, 50 unless configured', () => {
    const many = Array.from({ length: 51 }, (_one, index) => ({ ...everything, id: `m${index}` }));
    expect(codes(many)).toEqual(['mappings: workspace_mapping_limit']);
    expect(codes(many, { maxMappings: 60 })).toEqual([]);
    expect(codes(many.slice(0, 3), { maxMappings: 2 })).toEqual(['mappings: workspace_mapping_limit']);
  });

  it('refuses duplicate mapping ids, missing settings, unknown settings and unknown variables', () => {
    expect(codes([everything, everything])).toEqual(['mappings[1].id: workspace_duplicate_id']);
    expect(codes([], { settings: {} })).toEqual(['settings.apiKey: workspace_invalid_settings']);
    expect(codes([], { settings: { apiKey: 'k', apiKy: 'k' } })).toEqual([
      'settings.apiKy: workspace_invalid_settings',
    ]);
    expect(codes([], { settings: { apiKey: { $env: 'NOPE' } } })).toContain(
      'settings.apiKey: workspace_missing_secret',
    );
  });

  it('reads a secret from the environment and adds defaults', () => {
    const result = resolve([], { settings: { apiKey: { $env: 'KEY' } } });
    expect(result).toMatchObject({
      ok: true,
      value: { settings: { apiKey: 'from env', project: 'hybrid' } },
    });
  });
});
