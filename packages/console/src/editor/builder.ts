import {
  parseTrigger,
  printCondition,
  rewriteTrigger,
  type Trigger,
  type TriggerCondition,
  TriggerError,
} from '@waybill/core';

/** The way to a condition: which child to take, from the top. */
export type Way = readonly number[];

/** A condition with the way to it. */
export interface Placed {
  readonly way: Way;
  readonly node: TriggerCondition;
  /** Whether it is about the item of a list. */
  readonly inItem: boolean;
  readonly children: readonly Placed[];
}

/** A trigger as the builder shows it; undefined while its text cannot be read. */
export function placed(text: string): { readonly trigger: Trigger; readonly root: Placed } | undefined {
  try {
    const trigger = parseTrigger(text);
    return { trigger, root: place(trigger.condition, [], false) };
  } catch (error) {
    if (error instanceof TriggerError) return undefined;
    throw error;
  }
}

function place(node: TriggerCondition, way: Way, inItem: boolean): Placed {
  const within = inItem || node.kind === 'any' || node.kind === 'all';
  const children = partsOf(node).map((part, at) => place(part, [...way, at], within));
  return { way, node, inItem, children };
}

function partsOf(node: TriggerCondition): readonly TriggerCondition[] {
  if (node.kind === 'and' || node.kind === 'or') return node.children;
  if (node.kind === 'not') return [node.child];
  return node.kind === 'any' || node.kind === 'all' ? [node.condition] : [];
}

function withParts(node: TriggerCondition, parts: readonly TriggerCondition[]): TriggerCondition | undefined {
  if (node.kind === 'and' || node.kind === 'or') {
    const [only] = parts;
    // A group of one is that one: no text can say anything else.
    if (parts.length < 2) return only;
    return { ...node, children: parts };
  }
  const [part] = parts;
  if (part === undefined) return undefined;
  if (node.kind === 'not') return { ...node, child: part };
  return node.kind === 'any' || node.kind === 'all' ? { ...node, condition: part } : node;
}

type Change = (node: TriggerCondition) => readonly TriggerCondition[];

function changed(node: TriggerCondition, [first, ...rest]: Way, change: Change): readonly TriggerCondition[] {
  if (first === undefined) return change(node);
  const parts = partsOf(node).flatMap((part, at) => (at === first ? changed(part, rest, change) : [part]));
  const whole = withParts(node, parts);
  return whole === undefined ? [] : [whole];
}

function rewritten(trigger: Trigger, way: Way, change: Change): string {
  const [condition] = changed(trigger.condition, way, change);
  return condition === undefined ? 'true' : rewriteTrigger(trigger, condition);
}

/** What a person can do to a condition; each gives the text of the trigger afterwards, with all that was not touched as it was. */
export const edits = {
  /** Puts other text in place of a condition; undefined when it cannot be read there. */
  replace(trigger: Trigger, way: Way, text: string, inItem: boolean): string | undefined {
    const condition = conditionOf(text, inItem);
    return condition === undefined ? undefined : rewritten(trigger, way, () => [condition]);
  },
  /** Takes a condition away; of the last one `true` remains. */
  remove(trigger: Trigger, way: Way): string {
    return rewritten(trigger, way, () => []);
  },
  /** Adds a condition beside the one at the place, or to the group at the place. */
  add(trigger: Trigger, way: Way, kind: 'and' | 'or', text: string, inItem: boolean): string | undefined {
    const condition = conditionOf(text, inItem);
    if (condition === undefined) return undefined;
    return rewritten(trigger, way, (node) =>
      node.kind === kind
        ? [{ ...node, children: [...node.children, condition] }]
        : [{ kind, children: [node, condition], offset: node.offset, end: node.end }],
    );
  },
  /** Makes `or` of `and`, and the other way round. */
  turn(trigger: Trigger, way: Way): string {
    return rewritten(trigger, way, (node) =>
      node.kind === 'and' || node.kind === 'or'
        ? [{ ...node, kind: node.kind === 'and' ? 'or' : 'and' }]
        : [node],
    );
  },
  /** Negates a condition, or takes its negation away. */
  negate(trigger: Trigger, way: Way): string {
    return rewritten(trigger, way, (node) =>
      node.kind === 'not' ? [node.child] : [{ kind: 'not', child: node, offset: node.offset, end: node.end }],
    );
  },
  /** Asks `any` or `all` items, or those of another list; undefined when the list cannot be read. */
  quantify(
    trigger: Trigger,
    way: Way,
    kind: 'any' | 'all',
    text: string,
    inItem: boolean,
  ): string | undefined {
    const asked = conditionOf(`any(${text}, true)`, inItem);
    if (asked?.kind !== 'any') return undefined;
    return rewritten(trigger, way, (node) =>
      node.kind === 'any' || node.kind === 'all' ? [{ ...node, kind, list: asked.list }] : [node],
    );
  },
  /** Moves a condition up or down among its neighbours. */
  move(trigger: Trigger, way: Way, by: -1 | 1): string {
    const at = way.at(-1);
    if (at === undefined) return trigger.source;
    return rewritten(trigger, way.slice(0, -1), (node) => {
      if (node.kind !== 'and' && node.kind !== 'or') return [node];
      const children = [...node.children];
      const [one, other] = [children[at], children[at + by]];
      if (one === undefined || other === undefined) return [node];
      children[at] = other;
      children[at + by] = one;
      return [{ ...node, children }];
    });
  },
};

/** A condition from its text. What is about an item can only be read inside a list, so one is put around it. */
function conditionOf(text: string, inItem: boolean): TriggerCondition | undefined {
  const whole = placed(inItem ? `any(properties.x, ${text})` : text)?.root;
  if (whole === undefined) return undefined;
  return inItem ? whole.children[0]?.node : whole.node;
}

/** A condition as text, as the trigger has it or as it would be written. */
export function textOf({ source }: Trigger, { node, inItem }: Placed): string {
  return source.slice(node.offset, node.end) || printCondition(node, inItem);
}
