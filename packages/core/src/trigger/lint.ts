import type { FunctionCall, Compare, Condition, Operand, Path, Span } from './ast.ts';
import { TriggerError } from './errors.ts';
import { isKeyword, lex, type Token } from './lex.ts';
import { LINT_RULES, type LintCode } from './lint-rules.ts';
import { parseTrigger } from './parse.ts';
import { isInherited } from './paths.ts';
import { printCondition } from './print.ts';
import { parseSegment, type SegmentCondition } from './segment/parse.ts';

/** A part of a trigger that the two dialects read differently. */
export interface TriggerLint {
  readonly code: LintCode;
  /** Index of the start of the part. */
  readonly offset: number;
  /** Index of its end. */
  readonly end: number;
  /** Its meaning in each dialect. */
  readonly message: string;
}

/**
 * Lists where Waybill and Segment's hosted product read a trigger differently, by position. An empty list means that
 * both give the same result for every event.
 */
export function lintTrigger(text: string): readonly TriggerLint[] {
  const finder = new Finder();
  const ours = attempt(() => parseTrigger(text).condition);
  const hosted = attempt(() => parseSegment(text));
  if (ours instanceof TriggerError) {
    const { offset, message } = ours;
    const code = hosted instanceof TriggerError ? 'unreadable' : 'hosted_only';
    return [{ code, offset, end: text.length, message: `${message} ${describe(code)}` }];
  }
  finder.tokens(lex(text), text);
  finder.condition(ours);
  if (finder.found.length === 0) {
    // The rules describe the known differences; this finds any others.
    if (hosted instanceof TriggerError) {
      finder.add('hosted_error', { offset: hosted.offset, end: text.length });
    } else if (!sameShape(ours, hosted)) finder.add('other', ours);
  }
  return finder.found.sort((a, b) => a.offset - b.offset);
}

function attempt<T>(parse: () => T): T | TriggerError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TriggerError) return error;
    throw error;
  }
}

function describe(code: LintCode): string {
  const { waybill, segment } = LINT_RULES[code];
  return `Waybill ${waybill}; Segment ${segment}.`;
}

class Finder {
  readonly found: TriggerLint[] = [];
  private readonly places = new Set<string>();

  add(code: LintCode, { offset, end }: Span): void {
    const place = `${code} ${offset}`;
    if (this.places.has(place)) return;
    this.places.add(place);
    this.found.push({ code, offset, end, message: describe(code) });
  }

  // --- differences in the text ---

  tokens(tokens: readonly Token[], text: string): void {
    tokens.forEach((token, at) => {
      const raw = text.slice(token.offset, token.end);
      const next = text[token.end];
      const ends = next === undefined || ' \t\n,])'.includes(next);
      if (token.kind === 'string') {
        if (raw.startsWith("'")) this.add('single_quotes', token);
        if (raw.includes('\\')) this.add('text_escape', token);
        if (!ends) this.add('spacing', token);
      } else if (token.kind === 'number') {
        if (!/^[+-]?\d+(?:\.\d+)?$/.test(raw)) this.add('number_form', token);
      } else if (token.kind === 'mark') {
        if (raw === '==') this.add('double_equals', token);
        if (!ends && (raw === '!=' || raw === '<=' || raw === '>=')) this.add('spacing', token);
        if (raw === '!' && next !== undefined && /\s/.test(next)) this.add('spacing', token);
      } else if (token.kind === 'word') this.word(token, raw, tokens[at + 1]);
    });
    this.groups(tokens);
  }

  private word(token: Token & { kind: 'word' }, raw: string, next: Token | undefined): void {
    const [name] = token.segments;
    if (token.plain && name !== undefined && isKeyword(name)) {
      if (name.toLowerCase() === 'not') this.add('not_word', token);
      else if (name !== name.toLowerCase()) this.add('keyword_case', token);
      else if ((name === 'and' || name === 'or') && next?.kind === 'mark' && next.offset === token.end) {
        this.add('spacing', token);
      }
    } else if (/[^\\]\[/.test(raw)) this.add('bracket', token);
  }

  /** How the hosted parser, which searches for the next `)`, reads the parentheses. */
  private groups(tokens: readonly Token[]): void {
    interface Level {
      readonly isGroup: boolean;
      word: string | undefined;
    }
    const levels: Level[] = [{ isGroup: true, word: undefined }];
    tokens.forEach((token, at) => {
      const before = tokens[at - 1];
      if (token.kind === 'mark' && token.value === '(') {
        const isGroup = !(before?.kind === 'word' && before.plain && !isKeyword(before.segments[0]!));
        if (isGroup && levels.length > 1) this.add('nested_parentheses', token);
        levels.push({ isGroup, word: undefined });
      } else if (token.kind === 'mark' && token.value === ')') {
        const closed = levels.pop();
        const after = tokens[at + 1];
        const last = after?.kind === 'mark' && after.value === ')';
        if (closed?.isGroup === false && levels.length > 1 && !last) {
          this.add('function_in_parentheses', token);
        }
      } else if (token.kind === 'word' && token.plain) {
        const word = token.segments[0]!.toLowerCase();
        const level = levels.at(-1);
        if (level === undefined || (word !== 'and' && word !== 'or')) return;
        if (level.word !== undefined && level.word !== word) this.add('mixed_words', token);
        level.word = word;
      }
    });
  }

  // --- differences in the tree ---

  condition(node: Condition): void {
    switch (node.kind) {
      case 'and':
      case 'or':
        node.children.forEach((child) => this.condition(child));
        return;
      case 'not':
        // A `not` was already found in the text, and has the same meaning.
        if (!this.places.has(`not_word ${node.offset}`)) {
          this.add(isHostedCall(node.child) ? 'negated_function' : 'negation', node);
        }
        this.condition(node.child);
        return;
      case 'compare':
        this.compare(node);
        return;
      case 'in':
        this.add('list_operator', node);
        return;
      case 'any':
      case 'all':
        this.add('list_condition', node);
        return;
      case 'test':
        if (node.operand.kind === 'path') this.add('bare_field', node);
        else if (node.operand.kind === 'literal') this.add('bare_value', node);
        else this.call(node.operand);
    }
  }

  private call(node: FunctionCall): void {
    const [subject, argument] = node.args;
    if (
      (node.name !== 'contains' && node.name !== 'match') ||
      subject === undefined ||
      argument === undefined
    ) {
      this.add('function', node);
      return;
    }
    if (subject.kind !== 'path' || !HOSTED_SUBJECTS.has(subject.segments[0]!))
      this.add('function_field', subject);
    else this.path(subject);
    if (argument.kind !== 'literal' || typeof argument.value !== 'string')
      this.add('function_argument', argument);
    else if (node.name === 'match' && !/^(?:[^*?[\\]*\*|\*[^*?[\\]*)$/.test(argument.value)) {
      this.add('pattern', argument);
    } else if (
      subject.kind === 'path' &&
      subject.segments.length > 2 &&
      matchesEmpty(node.name, argument.value)
    ) {
      this.add('falsy_parent', node);
    }
  }

  private compare(node: Compare): void {
    const { left, right } = node;
    for (const side of [left, right]) {
      if (side.kind === 'call') this.add('function', side);
      else if (side.kind === 'list') this.add('list_value', side);
    }
    if (left.kind === 'path') this.path(left);
    if (left.kind === 'path') {
      if (right.kind === 'path') this.add('two_fields', node);
      else this.value(node, left, right);
    } else if (left.kind === 'literal') this.add('value_first', node);
  }

  private value(node: Compare, path: Path, right: Operand): void {
    if (right.kind !== 'literal') return;
    const { value } = right;
    const field = path.segments[0]!;
    const equality = node.operator === '=' || node.operator === '!=';
    if (!equality) {
      if (typeof value === 'string' || typeof value === 'boolean') this.add('text_order', node);
    } else if (value === null) {
      if (field === 'type' || field === 'event') this.add('null_as_text', node);
    } else if (typeof value === 'boolean') {
      if (field === 'type' || field === 'event' || field === 'name') this.add('value_as_text', node);
      else if (node.operator === '!=') this.add('not_boolean', node);
    } else if (typeof value === 'number') {
      if (path.segments.length === 1) this.add('value_as_text', node);
      else if (node.operator === '!=') this.add('not_number', node);
    }
    if (path.segments.length > 2 && readsFalsy(node.operator, value)) this.add('falsy_parent', node);
  }

  private path(node: Path): void {
    const [field, ...members] = node.segments;
    if (!HOSTED_FIELDS.has(field!)) this.add('unknown_field', node);
    else if (members.length === 0 && HOSTED_OBJECTS.has(field!)) this.add('whole_object', node);
    if (members.some((member) => /[.[\]]/.test(member) || member === '')) this.add('dotted_key', node);
    if (members.some((member) => /^[\d-]/.test(member))) this.add('list_index', node);
    if (members.length > 1 && members.includes('length')) this.add('text_member', node);
    else if (members.some(isInherited) && !members.includes('length')) this.add('inherited_member', node);
  }
}

const HOSTED_FIELDS = new Set(['type', 'event', 'name', 'userId', 'properties', 'traits', 'context']);
const HOSTED_SUBJECTS = new Set(['event', 'name', 'userId', 'properties', 'traits', 'context']);
const HOSTED_OPERATORS = new Set([
  ...['=', '!=', '<', '<=', '>', '>=', 'number_equals', 'number_not_equals', 'is_true', 'is_false'],
  ...[
    'exists',
    'not_exists',
    'contains',
    'not_contains',
    'starts_with',
    'not_starts_with',
    'ends_with',
    'not_ends_with',
  ],
]);
const HOSTED_OBJECTS = new Set(['properties', 'traits', 'context']);

function isHostedCall(node: Condition): boolean {
  return (
    node.kind === 'test' &&
    node.operand.kind === 'call' &&
    (node.operand.name === 'contains' || node.operand.name === 'match')
  );
}

/** Whether a comparison differs between a missing member and 0, false or the empty string. */
function readsFalsy(operator: Compare['operator'], value: string | number | boolean | null): boolean {
  switch (operator) {
    case '=':
      return !value;
    case '!=':
      return value === '' || value === null;
    case '<':
      return Number(value) > 0;
    case '<=':
      return Number(value) >= 0;
    case '>':
      return Number(value) < 0;
    case '>=':
      return Number(value) <= 0;
  }
}

function matchesEmpty(name: string, argument: string): boolean {
  return argument === '' || (name === 'match' && argument === '*');
}

/** Whether the hosted parser reads the whole trigger as its conditions one by one, joined in the same way. */
function sameShape(ours: Condition, hosted: SegmentCondition): boolean {
  const expected = hostedShape(ours);
  return expected !== undefined && JSON.stringify(flatten(expected)) === JSON.stringify(flatten(hosted));
}

/** The conditions one by one, as the hosted parser reads them; undefined when it misreads one. */
function hostedShape(node: Condition): SegmentCondition | undefined {
  if (node.kind === 'and' || node.kind === 'or') {
    const { kind, offset, end } = node;
    const children = node.children.map(hostedShape).filter((child) => child !== undefined);
    return children.length === node.children.length ? { kind, offset, end, children } : undefined;
  }
  const hosted = attempt(() => parseSegment(printCondition(node, false)));
  return hosted instanceof TriggerError || !readsAsWritten(node, hosted) ? undefined : hosted;
}

/** Whether the hosted parser read a single condition as one on the same member, with a known operator. */
function readsAsWritten(node: Condition, hosted: SegmentCondition): boolean {
  if (hosted.kind !== 'test') return false;
  const path =
    node.kind === 'compare' ? node.left : node.kind === 'test' ? callSubject(node.operand) : undefined;
  return (
    path?.kind === 'path' &&
    hosted.field === path.segments[0] &&
    JSON.stringify(hosted.path) === JSON.stringify(path.segments.slice(1)) &&
    HOSTED_OPERATORS.has(hosted.operator)
  );
}

function callSubject(operand: Operand): Operand | undefined {
  return operand.kind === 'call' ? operand.args[0] : undefined;
}

/** A tree without positions, and without groups inside groups of the same word. */
function flatten(node: SegmentCondition): unknown {
  if (node.kind === 'test') return [node.field, node.path, node.operator, node.value];
  const members = (group: SegmentCondition): SegmentCondition[] =>
    group.kind === node.kind ? group.children.flatMap(members) : [group];
  return { [node.kind]: members(node).map(flatten) };
}
