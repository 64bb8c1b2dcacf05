import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseTrigger,
  printTrigger,
  rewriteTrigger,
  sameCondition,
  type TriggerCondition,
  type TriggerGroup,
} from '../../src/trigger/index.ts';
import { condition, runs } from './generators.ts';

function only(text: string): TriggerCondition {
  return parseTrigger(text).condition;
}

/** Every place of a condition in a tree, as the nodes on the way to it. */
function places(node: TriggerCondition): readonly (readonly number[])[] {
  return [[], ...inner(node).flatMap((child, at) => places(child).map((place) => [at, ...place]))];
}

function inner(node: TriggerCondition): readonly TriggerCondition[] {
  if (node.kind === 'and' || node.kind === 'or') return node.children;
  if (node.kind === 'not') return [node.child];
  return node.kind === 'any' || node.kind === 'all' ? [node.condition] : [];
}

function put(node: TriggerCondition, place: readonly number[], part: TriggerCondition): TriggerCondition {
  const [at, ...rest] = place;
  if (at === undefined) return part;
  if (node.kind === 'not') return { ...node, child: put(node.child, rest, part) };
  if (node.kind === 'any' || node.kind === 'all')
    return { ...node, condition: put(node.condition, rest, part) };
  const group = node as TriggerGroup;
  return { ...group, children: group.children.map((one, i) => (i === at ? put(one, rest, part) : one)) };
}

function change(text: string, place: readonly number[], part: string): string {
  const trigger = parseTrigger(text);
  return rewriteTrigger(trigger, put(trigger.condition, place, only(part)));
}

describe('a change in a trigger', () => {
  const text = `type='track'\n  AND ( event == "A"  or event = "B" )\n  and   not any( properties.products , sku="1" )`;

  it('keeps everything else as written', () => {
    expect(change(text, [1, 1], 'event = "C"')).toBe(
      `type='track'\n  AND ( event == "A"  or event = "C" )\n  and   not any( properties.products , sku="1" )`,
    );
  });

  it('of one value keeps the other side', () => {
    expect(change(`userId   ==  'x'`, [], `userId = "y"`)).toBe(`userId   ==  "y"`);
  });

  it('inside a list applies to the item', () => {
    const trigger = parseTrigger(text);
    const sku = only('any(properties.products, price > 3)');
    if (sku.kind !== 'any') throw new Error('The trigger is one with any.');
    expect(rewriteTrigger(trigger, put(trigger.condition, [2, 0, 0], sku.condition))).toBe(
      `type='track'\n  AND ( event == "A"  or event = "B" )\n  and   not any( properties.products , price > 3 )`,
    );
  });

  it('adds brackets around a nested group', () => {
    expect(change('type = "track" and  userId = "1"', [1], 'event = "A" or event = "B"')).toBe(
      'type = "track" and  (event = "A" or event = "B")',
    );
  });

  it('removes and adds conditions at existing joints', () => {
    const trigger = parseTrigger(text);
    const group = trigger.condition as TriggerGroup;
    const [first, , last] = group.children as [TriggerCondition, TriggerCondition, TriggerCondition];
    expect(rewriteTrigger(trigger, { ...group, children: [first, last] })).toBe(
      `type='track'\n  AND not any( properties.products , sku="1" )`,
    );
    expect(rewriteTrigger(trigger, { ...group, children: [...group.children, only('userId != null')] })).toBe(
      `${text}\n  AND userId != null`,
    );
  });

  it('of the order keeps the text of each condition', () => {
    const trigger = parseTrigger(`type='track' and event=="A" and userId!=null`);
    const group = trigger.condition as TriggerGroup;
    expect(rewriteTrigger(trigger, { ...group, children: group.children.toReversed() })).toBe(
      `userId!=null and event=="A" and type='track'`,
    );
  });

  it('of `not in` is rewritten', () => {
    expect(change('event not in ["A"] and type = "track"', [0, 0], 'event = "B"')).toBe(
      '!(event = "B") and type = "track"',
    );
  });

  it('of nothing changes nothing', () => {
    const trigger = parseTrigger(text);
    expect(rewriteTrigger(trigger, trigger.condition)).toBe(text);
    expect(rewriteTrigger(trigger, { ...trigger.condition })).toBe(text);
  });

  it('of any place of any trigger parses to the intended change', () => {
    fc.assert(
      fc.property(condition, condition, fc.nat(), (tree, part, where) => {
        const trigger = parseTrigger(printTrigger({ source: '', condition: tree }));
        const all = places(trigger.condition);
        // A part about an event has another meaning inside a list; the printer writes it in either case.
        const changed = put(trigger.condition, all[where % all.length]!, part);
        const text = rewriteTrigger(trigger, changed);
        let readable: TriggerCondition;
        try {
          readable = only(text);
        } catch {
          return; // A quantifier over the event inside another one: no trigger can say that.
        }
        expect(
          sameCondition(readable, changed) || text === printTrigger({ source: '', condition: changed }),
        ).toBe(true);
      }),
      runs(1_000),
    );
  });
});
