import {
  parseTrigger,
  printCondition,
  rewriteTrigger,
  type Trigger,
  type TriggerCondition,
  TriggerError,
} from '@waybill/core';

/** The path to a condition: child indexes from the top. */
export type Way = readonly number[];

/** A condition with its path. */
export interface Placed {
  readonly way: Way;
  readonly node: TriggerCondition;
  /** Whether it is about an item of a list. */
  readonly inItem: boolean;
  readonly children: readonly Placed[];
}

/** Returns a trigger for the builder; undefined while it cannot be parsed. */
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
    // A group of one is equivalent to its member.
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

/** The edits of conditions; each returns the new text of the trigger, with untouched parts unchanged. */
export const edits = {
  /** Replaces a condition by other text; undefined when that cannot be parsed there. */
  replace(trigger: Trigger, way: Way, text: string, inItem: boolean): string | undefined {
    const condition = conditionOf(text, inItem);
    return condition === undefined ? undefined : rewritten(trigger, way, () => [condition]);
  },
  /** Removes a condition; the last one becomes `true`. */
  remove(trigger: Trigger, way: Way): string {
    return rewritten(trigger, way, () => []);
  },
  /** Adds a condition next to the one at a place, or to the group there. */
  add(trigger: Trigger, way: Way, kind: 'and' | 'or', text: string, inItem: boolean): string | undefined {
    const condition = conditionOf(text, inItem);
    if (condition === undefined) return undefined;
    return rewritten(trigger, way, (node) =>
      node.kind === kind
        ? [{ ...node, children: [...node.children, condition] }]
        : [{ kind, children: [node, condition], offset: node.offset, end: node.end }],
    );
  },
  /** Switches between `and` and `or`. */
  turn(trigger: Trigger, way: Way): string {
    return rewritten(trigger, way, (node) =>
      node.kind === 'and' || node.kind === 'or'
        ? [{ ...node, kind: node.kind === 'and' ? 'or' : 'and' }]
        : [node],
    );
  },
  /** Toggles the negation of a condition. */
  negate(trigger: Trigger, way: Way): string {
    return rewritten(trigger, way, (node) =>
      node.kind === 'not' ? [node.child] : [{ kind: 'not', child: node, offset: node.offset, end: node.end }],
    );
  },
  /** Sets `any` or `all`, or another list; undefined when the list cannot be parsed. */
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
  /** Moves a condition up or down among its siblings. */
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

/** Parses a condition. One about an item can only be parsed inside a list, so it is wrapped in one. */
function conditionOf(text: string, inItem: boolean): TriggerCondition | undefined {
  const whole = placed(inItem ? `any(properties.x, ${text})` : text)?.root;
  if (whole === undefined) return undefined;
  return inItem ? whole.children[0]?.node : whole.node;
}

/** Returns the text of a condition, from the trigger or printed. */
export function textOf({ source }: Trigger, { node, inItem }: Placed): string {
  return source.slice(node.offset, node.end) || printCondition(node, inItem);
}
