import { describe, expect, it } from 'vitest';
import {
  createPipeline,
  defineAction,
  defineDestination,
  delivered,
  type Event,
  explainEvent,
  mappingIssues,
  type ResolvedMapping,
} from '../src/index.ts';

const note = defineAction({
  title: 'Note',
  description: 'Takes a note.',
  fields: {
    text: { type: 'string', label: 'Text', description: 'What it says.', required: true },
    count: { type: 'integer', label: 'Count', description: 'How many.' },
    email: { type: 'string', label: 'E-mail', description: 'Whose.' },
    userId: { type: 'string', label: 'User ID', description: 'Whose.' },
  },
  identifiers: ({ email, userId }) => ({ email, userId }),
  send: async (items) => items.map(() => delivered()),
});
const destination = defineDestination({
  slug: 'toy',
  name: 'Toy',
  description: 'For tests.',
  settings: {},
  actions: { note },
  projectType: () => 'hybrid',
});

function mapping(more: Partial<ResolvedMapping> = {}): ResolvedMapping {
  return {
    id: 'm',
    name: 'Notes',
    enabled: true,
    action: 'note',
    trigger: 'type = "track" and properties.price > 10',
    dialect: 'waybill',
    mapping: {
      text: { '@path': '$.event' },
      count: { '@path': '$.properties.count' },
      userId: { '@path': '$.userId' },
      email: { '@path': '$.properties.email' },
    },
    ...more,
  };
}

function event(more: object = {}): Event {
  return {
    type: 'track',
    event: 'Seen',
    messageId: 'm1',
    userId: 'u1',
    timestamp: '2026-03-14T00:00:00.000Z',
    receivedAt: '2026-03-14T00:00:00.000Z',
    properties: { price: 12, count: '3', email: 'a b@c' },
    ...more,
  };
}

const explain = (one: ResolvedMapping, of: Event) =>
  explainEvent({ destination, settings: {}, mappings: [one] }, of).mappings[0]!;

describe('explaining an event', () => {
  it('shows which condition of the trigger fails, and the value it read', () => {
    const told = explain(mapping(), event({ properties: { price: 3 } }));
    expect(told.trigger.holds).toBe(false);
    expect(told.trigger.children.map((child) => [child.text, child.holds])).toEqual([
      ['type = "track"', true],
      ['properties.price > 10', false],
    ]);
    expect(told).not.toHaveProperty('payload');
  });

  it('shows the inputs and the result of each field, conversions, and the chosen identifier', () => {
    const told = explain(mapping(), event());
    expect(told.mapping!.fields.find((field) => field.field === 'text')).toMatchObject({ value: 'Seen' });
    expect(told.changes).toMatchObject([{ path: 'count', from: '3', to: 3 }]);
    expect(told.identity).toMatchObject({
      by: 'userId',
      userId: 'u1',
      notes: [expect.stringContaining('e-mail')],
    });
    expect(told.payload).toMatchObject({ text: 'Seen', count: 3 });
    expect(told).not.toHaveProperty('outcome');
  });

  it.each([
    ['a required field without a value', { event: undefined }, 'payload_required'],
    ['a value of the wrong type', { properties: { price: 12, count: 'many' } }, 'payload_wrong_type'],
    ['nobody identified', { userId: undefined }, 'identity_invalid_email'],
  ])('explains why nothing would be sent: %s', (_name, more, code) => {
    expect(explain(mapping(), event(more)).outcome).toMatchObject({ status: 'rejected', code });
  });

  it('reports that the event excludes the destination, and still explains', () => {
    const told = explainEvent(
      { destination, settings: {}, mappings: [mapping()] },
      event({ integrations: { Toy: false } }),
    );
    expect(told.skipped).toMatchObject({ code: 'filtered_by_integrations' });
    expect(told.mappings[0]!.trigger.holds).toBe(true);
  });

  it('explains a disabled mapping as if it were enabled, and reports that it is disabled', () => {
    expect(explain(mapping({ enabled: false }), event())).toMatchObject({
      enabled: false,
      payload: { text: 'Seen' },
    });
  });

  it('matches delivery', () => {
    const pipeline = createPipeline({ destination, settings: {}, mappings: [mapping()] });
    for (const of of [
      event(),
      event({ properties: { price: 11, count: 'many' } }),
      event({ userId: undefined }),
    ]) {
      const [item] = pipeline.prepare(of).items;
      const told = explain(mapping(), of);
      if (item!.kind === 'ready') expect(told.payload).toEqual(item!.item.payload);
      else expect(told.outcome).toEqual(item!.outcome);
    }
  });

  it('is plain JSON', () => {
    const told = explain(mapping(), event());
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });
});

it('without code generation the answer is the same', () => {
  const input = { destination, settings: {}, mappings: [mapping()] };
  const expected = explainEvent(input, event());
  const made: unknown[] = [];
  const original = globalThis.Function;
  globalThis.Function = function refused(...args: unknown[]) {
    made.push(args);
    throw new EvalError('A content policy forbids it.');
  } as unknown as FunctionConstructor;
  try {
    expect(explainEvent({ ...input, execution: 'closures' }, event())).toEqual(expected);
    expect(mappingIssues({ text: 5 }, { text: 5 }, note)).toEqual([]);
  } finally {
    globalThis.Function = original;
  }
  expect(made).toEqual([]);
});
