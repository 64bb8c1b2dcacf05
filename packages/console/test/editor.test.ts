import { describe, expect, it } from 'vitest';
import { compileMapping, DIRECTIVES, type MappingConfig } from '@waybill/core';
import { cardOf, withSlot, WRAPS } from '../src/editor/card.ts';
import { isChanged, orderFields, wholeOf, withField } from '../src/editor/config.ts';
import { differencesOf } from '../src/editor/differences.ts';
import { judge, type Question } from '../src/editor/judge.ts';
import { forget, keep, keptOf, sorted } from '../src/editor/kept.ts';
import { asKind, reads, shownOf, writtenAs } from '../src/editor/value.ts';

const text = (label: string, more: object = {}) =>
  ({ type: 'string', label, description: label, ...more }) as const;
const fields = {
  note: text('Note'),
  email: { ...text('E-mail'), required: true, format: 'email' },
  count: { type: 'integer', label: 'Count', description: 'Count' },
} as const;
const question: Question = {
  title: 'Toy',
  fields,
  trigger: 'type = "track" and any(properties.items, price > 2)',
  dialect: 'waybill',
  values: { email: { '@path': '$.properties.email' }, count: { '@path': '$.properties.count' } },
  events: [
    { type: 'track', properties: { email: 'a@b.example', count: '3', items: [{ price: 3 }] } },
    { type: 'track', properties: { email: 'a@b.example', items: [{ price: 1 }] } },
    { type: 'track', properties: { items: [{ price: 5 }] } },
    { type: 'identify' },
  ],
  selected: 0,
};

describe('a mapping tested with events', () => {
  it('reports for each condition whether it matches, and for how many events', () => {
    const { truths } = judge(question);
    expect(truths.map(({ kind, holds, count, depth }) => [kind, holds, count, depth])).toEqual([
      ['and', true, 2, 0],
      ['condition', true, 3, 1],
      ['any', true, 2, 1],
    ]);
    expect(question.trigger.slice(truths[2]!.offset, truths[2]!.end)).toBe(
      'any(properties.items, price > 2)',
    );
  });

  it('shows values, payload and changes of the selected event', () => {
    const { resolved, payload, changes, issues } = judge(question);
    expect(resolved).toEqual({ email: 'a@b.example', count: '3' });
    expect(payload).toEqual({ email: 'a@b.example', count: 3 });
    expect(changes).toEqual([{ path: 'count', what: 'coerced', from: '3', to: 3 }]);
    expect(issues).toEqual([]);
  });

  it('shows the issues of a rejected event', () => {
    const { issues } = judge({ ...question, selected: 2 });
    expect(issues.map(({ code, path }) => [code, path])).toEqual([['payload_required', 'email']]);
  });

  it('sums up the results of all events', () => {
    expect(judge(question).totals).toEqual({
      events: 4,
      matched: 2,
      ready: 1,
      rejected: { payload_required: 1 },
    });
  });

  it('reports where a trigger is invalid, and a suggestion', () => {
    const { broken, truths, totals } = judge({ ...question, trigger: 'evnt = "A"' });
    expect(broken).toMatchObject({ code: 'trigger_unknown_word', offset: 0, fix: { text: 'event' } });
    expect([truths, totals.matched]).toEqual([[], 0]);
  });

  it('reports problems of a mapping that cannot work', () => {
    const { written } = judge({ ...question, values: { email: { '@pth': '$.x' }, other: 1 } });
    expect(written.map(({ code }) => code)).toEqual(['mapping_unknown_directive']);
  });

  it('works without an event', () => {
    const { truths, payload } = judge({ ...question, events: [] });
    expect(truths.map(({ holds, count }) => [holds, count])).toEqual([
      [undefined, 0],
      [undefined, 0],
      [undefined, 0],
    ]);
    expect(payload).toBeUndefined();
  });
});

describe('a value', () => {
  it('of every documented directive is unchanged after it was shown', () => {
    for (const { examples } of DIRECTIVES) {
      for (const { mapping } of examples) {
        for (const value of Object.values(mapping as object)) {
          const shown = shownOf(value);
          expect(writtenAs(shown.kind, 'text' in shown ? shown.text : '')).toEqual({ value });
        }
      }
    }
  });

  it('of every documented directive produces the documented result', () => {
    for (const { name, examples } of DIRECTIVES) {
      for (const { mapping, event, payload } of examples) {
        const values = mapping as Record<string, unknown>;
        const shown = Object.fromEntries(
          Object.keys(values).map(
            (field) => [field, { type: 'object', label: field, description: field }] as const,
          ),
        );
        const asked = { ...question, fields: shown, values, trigger: 'true', events: [event as never] };
        const { resolved, written } = judge(asked);
        expect({ name, resolved, written: written.map(({ code }) => code) }).toEqual({
          name,
          resolved: payload,
          written: [],
        });
      }
    }
  });

  it('of every documented directive with a card is unchanged after each of its slots was set to its value', () => {
    const shown = new Set<string>();
    for (const { name, examples } of DIRECTIVES) {
      for (const value of examples.flatMap(({ mapping }) => Object.values(mapping as object))) {
        const card = cardOf(value);
        if (card === undefined) continue;
        shown.add(name);
        for (const { key, value: one } of card.slots) expect(withSlot(value, key, one)).toEqual(value);
      }
    }
    expect([...shown].sort()).toEqual([
      '@arrayPath',
      '@case',
      '@excludeWhenNull',
      '@flatten',
      '@if',
      '@json',
      '@merge',
      '@replace',
      '@transform',
      '@waybill.coalesce',
      '@waybill.date',
      '@waybill.event',
      '@waybill.filter',
      '@waybill.map',
      '@waybill.number',
      '@waybill.phone',
    ]);
  });

  it('without a card stays JSON: unknown options, words that are directives', () => {
    expect(cardOf({ '@case': { operator: 'lower', odd: 1 } })).toBeUndefined();
    expect(cardOf({ '@case': { operator: { '@path': '$.x' } } })).toBeUndefined();
    expect(cardOf({ '@if': 1, '@case': 2 })).toBeUndefined();
    expect(cardOf({ '@new': {} })).toBeUndefined();
  });

  it('can be wrapped, and the mapping compiles', () => {
    for (const wrap of Object.values(WRAPS)) {
      expect(() => compileMapping({ x: wrap({ '@path': '$.properties.x' }) })).not.toThrow();
    }
    const list = withSlot({ '@waybill.coalesce': ['a', 'b'] }, '0', undefined);
    expect(list).toEqual({ '@waybill.coalesce': ['b'] });
  });

  it('keeps its meaning when its kind is changed', () => {
    expect(asKind({ '@path': '$.traits.name' }, 'text')).toEqual({ '@template': '{{traits.name}}' });
    expect(asKind({ '@template': '{{traits.name}}' }, 'path')).toEqual({ '@path': '$.traits.name' });
    expect(asKind({ '@if': {} }, 'json')).toEqual({ '@if': {} });
    expect(asKind('5', 'constant')).toBe(5);
    expect(asKind('x', 'empty')).toBeUndefined();
  });

  it.each([
    [['properties', 'total'], 7],
    [['properties', 'a.b'], 8],
    [['properties', 'list', 0, 'c d'], 9],
  ])('%j is read from the picked place', (keys, expected) => {
    const event = { properties: { total: 7, 'a.b': 8, list: [{ 'c d': 9 }] } };
    expect(compileMapping({ value: reads(keys) })(event)).toEqual({ value: expected });
  });
});

describe('differences of two payloads', () => {
  it('are shown at the place, in the order of the newer one, and are bounded', () => {
    const before = { name: 'A', items: [{ id: 1 }, { id: 2 }], gone: null, same: { x: 1 } };
    const after = { same: { x: 1 }, items: [{ id: 1 }, { id: 3 }, 'x'], name: ['A'] };
    expect(differencesOf(before, after)).toEqual([
      { path: 'items[1].id', from: 2, to: 3 },
      { path: 'items[2]', from: undefined, to: 'x' },
      { path: 'name', from: 'A', to: ['A'] },
      { path: 'gone', from: null, to: undefined },
    ]);
    const many = Array.from({ length: 1_000 }, (_, at) => at);
    expect(differencesOf([], many)).toHaveLength(200);
  });
});

describe('a mapping with a preset', () => {
  const definition = {
    slug: 'toy',
    name: 'Toy',
    description: 'Toy',
    settings: {},
    actions: [{ key: 'note', title: 'Note', description: 'Note', defaultTrigger: 'true', fields }],
    presets: [
      {
        slug: 'p',
        name: 'P',
        type: 'automatic',
        action: 'note',
        trigger: 'type = "track"',
        mapping: { note: 'x', email: { '@path': '$.email' } },
      },
    ],
  } as const;
  const config: MappingConfig = { id: 'm', preset: 'p' };

  it('equals the preset until it is changed, and again after a reset', () => {
    expect(wholeOf(config, definition)).toMatchObject({ trigger: 'type = "track"', values: { note: 'x' } });
    const changed = withField(config, 'note', 'y');
    expect(wholeOf(changed, definition)?.values).toEqual({ note: 'y', email: { '@path': '$.email' } });
    expect([isChanged(changed, 'note'), isChanged(changed, 'email')]).toEqual([true, false]);
    expect(withField(changed, 'note', undefined)).toEqual(config);
  });

  it('lists required fields first, and unknown ones last', () => {
    expect(orderFields(fields, { count: 1, odd: 2 })).toEqual(['email', 'count', 'note', 'odd']);
    const hidden = { ...fields, size: text('Size', { unsafe_hidden: true }) };
    expect(orderFields(hidden, {})).not.toContain('size');
    expect(orderFields(hidden, { size: 1 })).toContain('size');
  });

  it('without its action is empty', () => {
    expect(wholeOf({ id: 'm' }, definition)).toBeUndefined();
  });
});

it('unsaved work is kept until the server has saved it', () => {
  const texts = new Map<string, string>();
  const store = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, value: string) => void texts.set(key, value),
    removeItem: (key: string) => void texts.delete(key),
  };
  keep(store, 'a/m', { config: { id: 'm', trigger: 'tr' }, base: 3 });
  expect(keptOf(store, 'a/m')).toEqual({ config: { id: 'm', trigger: 'tr' }, base: 3 });
  forget(store, 'a/m');
  expect(keptOf(store, 'a/m')).toBeUndefined();
  texts.set('waybill.unsaved.a/m', '{broken');
  expect(keptOf(store, 'a/m')).toBeUndefined();
});

it('values are equal in any order of their members', () => {
  expect(sorted({ a: 1, b: [{ c: 1, d: 2 }] })).toBe(sorted({ b: [{ d: 2, c: 1 }], a: 1 }));
  expect(sorted({ a: [1, 2] })).not.toBe(sorted({ a: [2, 1] }));
});
