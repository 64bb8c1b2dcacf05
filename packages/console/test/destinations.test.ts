import { describe, expect, it } from 'vitest';
import { compileTrigger } from '@waybill/core';
import { dummy } from '@waybill/destinations';
import { faultsOf, ownershipOf, type Rule, rulesOf } from '../src/pages/destinations/ownership.ts';
import { isAsked, isKept, type Setting, variableOf } from '../src/pages/destinations/settings.ts';
import { free, fromAction } from '../src/pages/mappings/new-mapping.ts';

describe('ownership rules of fields', () => {
  it('are unchanged after editing', () => {
    const rules = {
      a: { owner: 'destination' },
      'b.c': { sources: ['x', 'y'] },
      d: { latest: true },
    } as const;
    expect(ownershipOf(rulesOf(rules))).toEqual(rules);
    expect(rulesOf(undefined)).toEqual([]);
  });

  it('are not saved without a field, with a duplicate or unknown field, or without sources', () => {
    const rule = (key: number, path: string, owner: Rule['owner'] = 'latest'): Rule => ({
      ...{ key, path, owner },
      sources: [],
    });
    const rules = [rule(0, ''), rule(1, 'a.b'), rule(2, ' a.b '), rule(3, 'z'), rule(4, 'a', 'sources')];
    expect([...faultsOf(rules, ['a', 'a.b'])]).toEqual([
      [0, 'path'],
      [2, 'twice'],
      [3, 'unknown'],
      [4, 'sources'],
    ]);
  });
});

describe('settings', () => {
  it('distinguish a stored secret and a variable from typed values', () => {
    expect([{ $secret: true }, { $env: 'KEY' }, 'text', null, undefined].map(isKept)).toEqual([
      ...[true, false, false, false, false],
    ]);
    expect([{ $env: 'KEY' }, 'KEY', null].map(variableOf)).toEqual(['KEY', undefined, undefined]);
  });

  it('are required when the settings they depend on require them, defaults included', () => {
    const kind = { type: 'string', label: 'Kind', description: '', default: 'old' } as Setting;
    const asked = (operator: 'is' | 'is_not', value: unknown, match?: 'any'): Setting =>
      ({
        ...kind,
        depends_on: { match, conditions: [{ fieldKey: 'kind', operator, value }] },
      }) as unknown as Setting;
    const fields = { kind };
    expect(isAsked(asked('is', 'new'), { kind: 'new' }, fields)).toBe(true);
    expect(isAsked(asked('is', 'new'), {}, fields)).toBe(false);
    expect(isAsked(asked('is', ['old', 'older']), {}, fields)).toBe(true);
    expect(isAsked(asked('is_not', undefined), {}, {})).toBe(false);
    expect(isAsked(asked('is', 'old', 'any'), {}, fields)).toBe(true);
    expect(isAsked({ ...kind, unsafe_hidden: true }, {}, fields)).toBe(false);
  });
});

describe('a new mapping', () => {
  const [[key, given] = []] = Object.entries(dummy.actions);
  const action = { ...given!, key: key! } as unknown as Parameters<typeof fromAction>[0];

  it('gets an unused id', () => {
    expect(free('orders', [])).toBe('orders');
    expect(free('orders', ['orders', 'orders-2'])).toBe('orders-3');
  });

  it.each([
    [
      { type: 'track', event: 'Order "Big" Completed\\' },
      { type: 'track', event: 'Order "Big" Completed\\' },
    ],
    [
      { type: 'page', event: 'Home' },
      { type: 'page', name: 'Home' },
    ],
    [{ type: 'identify', event: '' }, { type: 'identify' }],
  ] as const)('from the event %j matches events like %j and no others', (seen, event) => {
    const made = fromAction(action, seen);
    expect(made.id).toMatch(/^[a-z0-9-]+$/);
    const matches = compileTrigger(made.trigger!);
    expect(matches(event)).toBe(true);
    expect(matches({ ...event, type: 'group' })).toBe(false);
    if (seen.event !== '') expect(matches({ ...event, event: 'Other', name: 'Other' })).toBe(false);
  });

  it('from an action has a trigger and the default values of its fields', () => {
    const made = fromAction(action);
    expect(() => compileTrigger(made.trigger!)).not.toThrow();
    const suggested = Object.entries(action.fields).filter(([, field]) => field.default !== undefined);
    expect(Object.keys(made.mapping!)).toEqual(suggested.map(([name]) => name));
  });
});
