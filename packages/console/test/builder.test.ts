import { describe, expect, it } from 'vitest';
import { parseTrigger, sameCondition } from '@waybill/core';
import { edits, placed, type Way } from '../src/editor/builder.ts';

const TEXT = `type='track'\n  AND ( event == "A"  or event = "B" )\n  and   not any( properties.products , sku="1" )`;

function trigger(text = TEXT) {
  return placed(text)!.trigger;
}

describe('the builder of triggers', () => {
  it('shows every condition with its path', () => {
    const ways: Way[] = [];
    const visit = ({ way, children }: NonNullable<ReturnType<typeof placed>>['root']): void => {
      ways.push(way);
      children.forEach(visit);
    };
    visit(placed(TEXT)!.root);
    expect(ways).toEqual([[], [0], [1], [1, 0], [1, 1], [2], [2, 0], [2, 0, 0]]);
  });

  it('shows nothing of an invalid trigger', () => {
    expect(placed('type = ')).toBeUndefined();
  });

  it.each([
    [
      'replaces',
      edits.replace(trigger(), [1, 0], 'event = "C"', false),
      TEXT.replace('event == "A"', 'event == "C"'),
    ],
    [
      'replaces in a list',
      edits.replace(trigger(), [2, 0, 0], 'price > 3', true),
      TEXT.replace('sku="1"', 'price > 3'),
    ],
    ['removes', edits.remove(trigger(), [0]), TEXT.replace(`type='track'\n  AND `, '')],
    [
      'removes one of two',
      edits.remove(trigger(), [1, 0]),
      TEXT.replace('( event == "A"  or event = "B" )', 'event = "B"'),
    ],
    ['adds', edits.add(trigger(), [], 'and', 'userId != null', false), `${TEXT}\n  AND userId != null`],
    [
      'adds beside',
      edits.add(trigger(), [0], 'or', 'type = "page"', false),
      TEXT.replace(`type='track'`, `(type='track' or type = "page")`),
    ],
    ['negates', edits.negate(trigger(), [1]), TEXT.replace('( event', '!( event')],
    ['takes a negation away', edits.negate(trigger(), [2]), TEXT.replace('not any', 'any')],
    [
      'asks all items',
      edits.quantify(trigger(), [2, 0], 'all', 'properties.lines', false),
      TEXT.replace('any( properties.products , sku="1" )', 'all(properties.lines, sku="1")'),
    ],
    [
      'asks items of another list',
      edits.quantify(trigger(), [2, 0], 'any', 'properties.lines', false),
      TEXT.replace('properties.products', 'properties.lines'),
    ],
    ['moves', edits.move(trigger('userId = "1" and event = "2"'), [1], -1), 'event = "2" and userId = "1"'],
  ])('%s, and leaves the rest unchanged', (_what, text, expected) => {
    expect(text).toBe(expected);
  });

  it('turns a group', () => {
    expect(edits.turn(trigger('type = "a" and event = "b"'), [])).toBe('type = "a" or event = "b"');
  });

  it('leaves true when the last condition is removed', () => {
    expect(edits.remove(trigger('type = "a"'), [])).toBe('true');
  });

  it('refuses an invalid text as a part', () => {
    expect(edits.replace(trigger(), [0], 'sku = 1', false)).toBeUndefined();
    expect(edits.add(trigger(), [], 'and', 'type =', false)).toBeUndefined();
  });

  it('restores the text after a change and its undo', () => {
    const there = edits.negate(trigger(), [1]);
    const back = edits.negate(trigger(there), [1]);
    expect(sameCondition(parseTrigger(back).condition, trigger().condition)).toBe(true);
    expect(back).toBe(TEXT);
  });
});
