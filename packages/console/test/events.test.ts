import { describe, expect, it } from 'vitest';
import { compileTrigger, explainTrigger } from '@waybill/core';
import { canFollow, triggerOf } from '../src/pages/events/as-trigger.ts';
import { brief, keysOf, valueAt } from '../src/pages/events/columns.ts';
import { curlOf } from '../src/pages/events/curl.ts';
import { savedSearches } from '../src/pages/events/saved.ts';
import { columnsOf, isNarrow, queryOf, readSearch } from '../src/pages/events/search.ts';
import { failingOf, piecesOf } from '../src/pages/events/why.ts';

const EVENT = {
  type: 'track',
  event: 'Order "Completed"',
  messageId: 'm1',
  timestamp: '2026-01-15T12:00:00.000Z',
  receivedAt: '2026-01-15T12:00:00.000Z',
  userId: "o'neil",
  properties: { total: 5, 'odd.key': { a: 1 }, products: [{ sku: 's1' }, { sku: 's2' }] },
} as const;

describe('columns', () => {
  it.each([
    ['properties.total', 5],
    ['properties["odd.key"].a', 1],
    ['properties.products[].sku', 's1'],
    ['properties.products[1].sku', 's2'],
    ['properties.nothing.at.all', undefined],
    ['constructor', undefined],
    ['properties.__proto__.toString', undefined],
  ])('reads %s', (path, value) => {
    expect(valueAt(EVENT, path)).toEqual(value);
  });

  it('writes values in one line', () => {
    expect([brief(undefined), brief(null), brief({ a: 1 }), brief('x'.repeat(500)).length]).toEqual([
      '',
      'null',
      '{"a":1}',
      200,
    ]);
    expect(keysOf('a["b]"][2].c')).toEqual(['a', 'b]', '2', 'c']);
  });
});

describe('the search of an address', () => {
  it('is parsed, without invalid parts', () => {
    const search = readSearch({
      where: 'a = 1',
      user: 42,
      from: '1700000000000',
      to: 'x',
      tail: 'true',
      evil: 1,
    });
    expect(search).toEqual({ where: 'a = 1', user: '42', from: 1_700_000_000_000, tail: true });
    expect(queryOf(search)).toEqual({ where: 'a = 1', user: '42', from: 1_700_000_000_000 });
    expect([isNarrow({}), isNarrow({ columns: 'a', tail: true }), isNarrow({ code: 'x' })]).toEqual([
      false,
      false,
      true,
    ]);
    expect(columnsOf('a, b,,a')).toEqual(['a', 'b']);
  });

  it('becomes a trigger for the same events', () => {
    const trigger = triggerOf({
      where: 'properties.total > 1 or type = "page"',
      type: 'track',
      event: EVENT.event,
      user: EVENT.userId,
    });
    const holds = compileTrigger(trigger);
    expect([holds(EVENT), holds({ ...EVENT, userId: 'x' }), holds({ ...EVENT, type: 'page' })]).toEqual([
      true,
      false,
      false,
    ]);
    expect([triggerOf({}), triggerOf({ user: 'a:1' })]).toEqual(['', 'anonymousId = "1"']);
    expect([canFollow({ where: 'x' }), canFollow({ outcome: 'rejected' }), canFollow({ to: 1 })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is stored under a name, in a storage with arbitrary content', () => {
    const kept = new Map<string, string>([['waybill.searches', '{']]);
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    expect(savedSearches.all(storage)).toEqual([]);
    savedSearches.keep(storage, { name: 'large', search: { where: 'a = 1' } });
    savedSearches.keep(storage, { name: 'large', search: { where: 'a = 2' } });
    savedSearches.keep(storage, { name: 'other', search: {} });
    expect(savedSearches.all(storage).map(({ name, search }) => [name, search.where])).toEqual([
      ['other', undefined],
      ['large', 'a = 2'],
    ]);
    savedSearches.forget(storage, 'other');
    expect(savedSearches.all(storage).length).toBe(1);
  });
});

describe('explanations', () => {
  const text = 'type = "track" and (properties.total > 10 or event = "X")';
  const explained = explainTrigger(text, EVENT);

  it('mark each condition and leave the text unchanged', () => {
    const pieces = piecesOf(explained);
    expect(pieces.map((piece) => piece.text).join('')).toBe(explained.text);
    expect(pieces.flatMap(({ text: part, holds }) => (holds === undefined ? [] : [[part, holds]]))).toEqual([
      ['type = "track"', true],
      ['properties.total > 10', false],
      ['event = "X"', false],
    ]);
  });

  it('name the conditions that fail, with the values they read', () => {
    expect(failingOf(explained).map((one) => [one.text, one.reads[0]?.value])).toEqual([
      ['properties.total > 10', 5],
      ['event = "X"', EVENT.event],
    ]);
    expect(failingOf(explainTrigger('type = "track"', EVENT))).toEqual([]);
  });
});

it('the command of an event has one word per argument, for any content of the event', () => {
  const command = curlOf(EVENT, 'http://127.0.0.1:4400', 'fresh');
  expect(command).toContain(`o'\\''neil`);
  expect(command).toContain('"messageId":"fresh"');
  expect(command).not.toContain('receivedAt');
});
