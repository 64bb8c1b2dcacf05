import type { Compare, Condition, Group, Membership, Operand, Span, Trigger } from './ast.ts';
import { TriggerError } from './errors.ts';
import { parseTrigger } from './parse.ts';
import { printCondition, printOperand } from './print.ts';

interface Edit extends Span {
  readonly text: string;
}

/**
 * Writes a changed condition into the text of its trigger. Nodes that are still the identical objects of `trigger` keep
 * their text byte for byte, with line breaks, quotes and brackets; only new nodes are printed. The result parses back
 * to `condition`.
 */
export function rewriteTrigger(trigger: Trigger, condition: Condition): string {
  if (condition === trigger.condition) return trigger.source;
  const text = new Rewriter(trigger).rewrite(condition);
  // The layout is best effort, the meaning is not: a string that parses differently is printed again.
  return readsAs(text, condition) ? text : printCondition(condition, false);
}

/** Whether two conditions are equal, ignoring positions. */
export function sameCondition(a: Condition, b: Condition): boolean {
  return bare(a) === bare(b);
}

function bare(condition: Condition): string {
  return JSON.stringify(condition, (key, value: unknown) =>
    key === 'offset' || key === 'end' ? undefined : value,
  );
}

function readsAs(text: string, condition: Condition): boolean {
  try {
    return sameCondition(parseTrigger(text).condition, condition);
  } catch (error) {
    if (error instanceof TriggerError) return false;
    throw error;
  }
}

class Rewriter {
  readonly #source: string;
  readonly #root: Condition;
  /** Nodes whose text can be kept unchanged. */
  readonly #kept = new Set<Condition>();

  constructor({ source, condition }: Trigger) {
    this.#source = source;
    this.#root = condition;
    this.#keep(condition);
  }

  rewrite(condition: Condition): string {
    const edits = this.#edits(this.#root, condition, false, undefined);
    let text = this.#source;
    for (const { offset, end, text: put } of [...edits].sort((a, b) => b.offset - a.offset)) {
      text = text.slice(0, offset) + put + text.slice(end);
    }
    return text;
  }

  #keep(node: Condition): void {
    this.#kept.add(node);
    if (node.kind === 'and' || node.kind === 'or') for (const child of node.children) this.#keep(child);
    else if (node.kind === 'any' || node.kind === 'all') this.#keep(node.condition);
    // `a not in b` is one text for two nodes: the inner one has no string.
    else if (node.kind === 'not' && node.child.offset !== node.offset) this.#keep(node.child);
  }

  /** The smallest changes that turn the text of `before` into `after`. */
  #edits(
    before: Condition,
    after: Condition,
    inItem: boolean,
    around: Condition['kind'] | undefined,
  ): readonly Edit[] {
    if (before === after) return [];
    const parts = this.#parts(before, after, inItem);
    if (parts !== undefined) return parts;
    // A part in brackets keeps them where the new condition needs some too.
    return [{ offset: before.offset, end: before.end, text: this.#member(after, around, inItem) }];
  }

  #parts(before: Condition, after: Condition, inItem: boolean): readonly Edit[] | undefined {
    switch (after.kind) {
      case 'and':
      case 'or':
        return before.kind === after.kind ? this.#group(before, after, inItem) : undefined;
      case 'not':
        return before.kind === 'not' && this.#kept.has(before.child)
          ? this.#edits(before.child, after.child, inItem, 'not')
          : undefined;
      case 'any':
      case 'all':
        if (before.kind !== after.kind) return undefined;
        return [
          ...this.#operand(before.list, after.list, inItem),
          ...this.#edits(before.condition, after.condition, true, undefined),
        ];
      case 'compare':
        return before.kind === 'compare' ? this.#compare(before, after, inItem) : undefined;
      case 'in':
        return before.kind === 'in' ? this.#membership(before, after, inItem) : undefined;
      case 'test':
        return before.kind === 'test' && !this.#isWrapped(before)
          ? this.#operand(before.operand, after.operand, inItem)
          : undefined;
    }
  }

  #compare(before: Compare, after: Compare, inItem: boolean): readonly Edit[] | undefined {
    if (before.operator !== after.operator) return undefined;
    return [
      ...this.#operand(before.left, after.left, inItem),
      ...this.#operand(before.right, after.right, inItem),
    ];
  }

  #membership(before: Membership, after: Membership, inItem: boolean): readonly Edit[] {
    return [
      ...this.#operand(before.value, after.value, inItem),
      ...this.#operand(before.list, after.list, inItem),
    ];
  }

  #operand(before: Operand, after: Operand, inItem: boolean): readonly Edit[] {
    if (before === after) return [];
    return [{ offset: before.offset, end: before.end, text: printOperand(after, inItem) }];
  }

  #group(before: Group, after: Group, inItem: boolean): readonly Edit[] | undefined {
    const { children: old } = before;
    const first = old[0]!;
    const last = old.at(-1)!;
    if (old.length === after.children.length) {
      const moved = after.children.some((child, at) => child !== old[at] && old.includes(child));
      if (!moved) {
        return after.children.flatMap((child, at) => this.#edits(old[at]!, child, inItem, after.kind));
      }
    }
    if (after.children.length < 2) return undefined;
    const usual = this.#source.slice(first.end, old[1]!.offset);
    let text = '';
    after.children.forEach((child, at) => {
      const place = old.indexOf(child);
      const previous = at === 0 ? -1 : old.indexOf(after.children[at - 1]!);
      // Nodes that are still adjacent keep the text between them.
      if (at > 0) {
        text +=
          previous !== -1 && place === previous + 1
            ? this.#source.slice(old[previous]!.end, old[place]!.offset)
            : usual;
      }
      text += this.#member(child, after.kind, inItem);
    });
    return [{ offset: first.offset, end: last.end, text }];
  }

  /** The text of a condition inside another. */
  #member(node: Condition, around: Condition['kind'] | undefined, inItem: boolean): string {
    const text = this.#text(node, inItem);
    const isGroup = node.kind === 'and' || node.kind === 'or';
    if (!isGroup || (this.#kept.has(node) && this.#isWrapped(node))) return text;
    const binds = around === undefined || (node.kind === 'and' && around === 'or');
    return binds ? text : `(${text})`;
  }

  #text(node: Condition, inItem: boolean): string {
    if (this.#kept.has(node)) return this.#source.slice(node.offset, node.end);
    switch (node.kind) {
      case 'and':
      case 'or':
        return node.children.map((child) => this.#member(child, node.kind, inItem)).join(` ${node.kind} `);
      case 'not': {
        const child = this.#member(node.child, 'not', inItem);
        const bare = node.child.kind === 'compare' || node.child.kind === 'in';
        return bare && !this.#isWrapped(node.child) ? `!(${child})` : `!${child}`;
      }
      case 'any':
      case 'all':
        return `${node.kind}(${printOperand(node.list, inItem)}, ${this.#member(node.condition, undefined, true)})`;
      default:
        return printCondition(node, inItem);
    }
  }

  /** Whether a node of the trigger is in brackets in the text. */
  #isWrapped(node: Condition): boolean {
    if (!this.#kept.has(node) || this.#source[node.offset] !== '(') return false;
    return node.kind === 'and' || node.kind === 'or' ? node.children[0]!.offset > node.offset : true;
  }
}
