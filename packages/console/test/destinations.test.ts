import { describe, expect, it } from 'vitest';
import { compileTrigger } from '@waybill/core';
import { dummy } from '@waybill/destinations';
import { faultsOf, ownershipOf, type Rule, rulesOf } from '../src/pages/destinations/ownership.ts';
import { isAsked, isKept, type Setting, variableOf } from '../src/pages/destinations/settings.ts';
import { free, fromAction } from '../src/pages/mappings/new-mapping.ts';

describe('rules of who may set a field', () => {
  it('are the same after they were edited', () => {
    const rules = {
      a: { owner: 'destination' },
      'b.c': { sources: ['x', 'y'] },
      d: { latest: true },
    } as const;
    expect(ownershipOf(rulesOf(rules))).toEqual(rules);
    expect(rulesOf(undefined)).toEqual([]);
  });

  it('are not saved without a field, for one twice, for one that no action has, or without sources', () => {
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
  it('tell a kept secret and a named variable from what is typed', () => {
    expect([{ $secret: true }, { $env: 'KEY' }, 'text', null, undefined].map(isKept)).toEqual([
      ...[true, false, false, false, false],
    ]);
    expect([{ $env: 'KEY' }, 'KEY', null].map(variableOf)).toEqual(['KEY', undefined, undefined]);
  });

  it('are asked for when those they depend on say so, defaults included', () => {
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

  it('has an id that is free', () => {
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
  ] as const)('from the event %j is for events like %j and for no others', (seen, event) => {
    const made = fromAction(action, seen);
    expect(made.id).toMatch(/^[a-z0-9-]+$/);
    const matches = compileTrigger(made.trigger!);
    expect(matches(event)).toBe(true);
    expect(matches({ ...event, type: 'group' })).toBe(false);
    if (seen.event !== '') expect(matches({ ...event, event: 'Other', name: 'Other' })).toBe(false);
  });

  it('from an action has a trigger and the values that its fields suggest', () => {
    const made = fromAction(action);
    expect(() => compileTrigger(made.trigger!)).not.toThrow();
    const suggested = Object.entries(action.fields).filter(([, field]) => field.default !== undefined);
    expect(Object.keys(made.mapping!)).toEqual(suggested.map(([name]) => name));
  });
});
