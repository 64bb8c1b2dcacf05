import type { Condition, Literal, Operand, Path, Trigger } from './ast.ts';
import { isKeyword } from './lex.ts';

/** Writes a trigger in canonical form: lower-case keywords, `=`, `!`, double quotes, no needless parentheses. */
export function printTrigger(trigger: Trigger): string {
  return printCondition(trigger.condition, false);
}

/** Writes one condition; `inItem` says whether it is inside `any` or `all`. */
export function printCondition(node: Condition, inItem: boolean): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.children.map((child) => printMember(child, node.kind, inItem)).join(` ${node.kind} `);
    case 'not':
      return node.child.kind === 'test' || node.child.kind === 'any' || node.child.kind === 'all'
        ? `!${printCondition(node.child, inItem)}`
        : `!(${printCondition(node.child, inItem)})`;
    case 'compare':
      return `${printOperand(node.left, inItem)} ${node.operator} ${printOperand(node.right, inItem)}`;
    case 'in':
      return `${printOperand(node.value, inItem)} in ${printOperand(node.list, inItem)}`;
    case 'any':
    case 'all':
      return `${node.kind}(${printOperand(node.list, inItem)}, ${printCondition(node.condition, true)})`;
    case 'test':
      return printOperand(node.operand, inItem);
  }
}

/** A group inside a group keeps its parentheses, also where they are not needed: the tree must round-trip. */
function printMember(child: Condition, around: 'and' | 'or', inItem: boolean): string {
  const text = printCondition(child, inItem);
  const binds = child.kind === 'and' && around === 'or';
  return (child.kind === 'and' || child.kind === 'or') && !binds ? `(${text})` : text;
}

/** Writes one value. */
export function printOperand(node: Operand, inItem: boolean): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node);
    case 'list':
      return `[${node.items.map(printLiteral).join(', ')}]`;
    case 'path':
      return printPath(node, inItem);
    case 'call':
      return `${node.name}(${node.args.map((arg) => printOperand(arg, inItem)).join(', ')})`;
  }
}

function printLiteral(node: Literal): string {
  return typeof node.value === 'string' ? printText(node.value) : String(node.value);
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function printText(text: string): string {
  return `"${text.replaceAll(/["\\\n\r\t]/g, (char) => TEXT_ESCAPES[char]!)}"`;
}

function printPath(path: Path, inItem: boolean): string {
  const [first, ...rest] = path.segments;
  let head: string;
  if (first === undefined) head = '@';
  else if (path.root === 'event') head = inItem ? `$${printSegment(first)}` : printFirst(first);
  else head = first === '' ? `@${printSegment(first)}` : printFirst(first);
  return head + rest.map(printSegment).join('');
}

function printSegment(segment: string): string {
  return segment === '' ? '[""]' : `.${escape(segment)}`;
}

/** The first name of a path must not be read as a number, a keyword or the root. */
function printFirst(segment: string): string {
  const escaped = escape(segment);
  const safe = /^[\p{L}_\\]/u.test(escaped) && !isKeyword(segment);
  return safe ? escaped : `\\${escaped}`;
}

function escape(segment: string): string {
  return segment.replaceAll(/[^\p{L}\p{M}\p{N}_$-]/gu, '\\$&');
}
