import type { Span } from '../ast.ts';
import { TriggerError } from '../errors.ts';
import { lexSegment, type SegmentToken } from './lex.ts';

/** The fields that the hosted product reads. */
export type SegmentField = 'type' | 'event' | 'name' | 'userId' | 'properties' | 'traits' | 'context';

/** One condition as the hosted product understands it. */
export interface SegmentTest extends Span {
  readonly kind: 'test';
  readonly field: SegmentField;
  /** Member of `properties`, `traits` or `context`; empty for the other fields, undefined when there is none. */
  readonly path: readonly string[] | undefined;
  /** A known operator, or any other word, which is never true. */
  readonly operator: string;
  readonly value: string | number | boolean | undefined;
}

/** Conditions joined by `and` or `or`. */
export interface SegmentGroup extends Span {
  readonly kind: 'and' | 'or';
  readonly children: readonly SegmentCondition[];
}

/** A trigger as the hosted product reads it. */
export type SegmentCondition = SegmentTest | SegmentGroup;

const FIELDS: ReadonlySet<string> = new Set<SegmentField>([
  'type',
  'event',
  'name',
  'userId',
  'properties',
  'traits',
  'context',
]);

/**
 * Words that the hosted parser reads as fields because every object has members of these names: they swallow the
 * operator and the value after them and leave no condition.
 */
const SWALLOWING = new Set([
  'constructor',
  '__defineGetter__',
  '__defineSetter__',
  'hasOwnProperty',
  '__lookupGetter__',
  '__lookupSetter__',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toString',
  'valueOf',
  '__proto__',
  'toLocaleString',
]);

/** Reads a trigger as the hosted product does; throws a TriggerError where the hosted product fails for some event. */
export function parseSegment(source: string): SegmentCondition {
  const parser = new SegmentParser(source);
  const tokens = lexSegment(source);
  const found = parser.group(new Tokens(tokens));
  if (found === undefined) {
    throw new TriggerError(
      'trigger_syntax',
      'Segment finds no condition in this trigger and drops every event.',
      source,
      tokens[0]!.offset,
    );
  }
  return found;
}

/** A queue of tokens. */
class Tokens {
  private readonly list: readonly SegmentToken[];
  private at = 0;

  constructor(list: readonly SegmentToken[]) {
    this.list = list;
  }

  take(): SegmentToken | undefined {
    const token = this.list[this.at];
    this.at += 1;
    return token;
  }

  peek(): SegmentToken | undefined {
    return this.list[this.at];
  }
}

class SegmentParser {
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  group(tokens: Tokens): SegmentCondition | undefined {
    const children: SegmentCondition[] = [];
    let kind: 'and' | 'or' = 'and';
    for (let token = tokens.take(); token !== undefined && token.kind !== 'end'; token = tokens.take()) {
      if (token.kind === 'ident') {
        const root = token.value.split('.', 1)[0]!;
        if (FIELDS.has(root)) children.push(this.comparison(token, root as SegmentField, tokens));
        else if (SWALLOWING.has(root)) this.operatorAndValue(token, tokens);
        else if (isFunction(token)) this.call(token, token, tokens, children);
      } else if (token.kind === 'operator' && token.value === '!') {
        const name = tokens.peek();
        // A `!` before anything but a function is silently dropped.
        if (name !== undefined && isFunction(name)) {
          tokens.take();
          this.call(name, token, tokens, children);
        }
      } else if (token.kind === 'open') {
        children.push(this.parentheses(token, tokens));
      } else if (token.kind === 'conditional') {
        kind = token.value === 'or' ? 'or' : 'and';
      }
    }
    const [first] = children;
    if (first === undefined || children.length === 1) return first;
    return { kind, children, offset: first.offset, end: children.at(-1)!.end };
  }

  private parentheses(open: SegmentToken, tokens: Tokens): SegmentCondition {
    const inner: SegmentToken[] = [];
    let token = tokens.take();
    while (token !== undefined && token.kind !== 'close') {
      inner.push(token);
      token = tokens.take();
    }
    if (token === undefined) {
      return this.fail(
        'Segment cannot read nested or unclosed parentheses and drops every event.',
        open.offset,
      );
    }
    inner.push({ kind: 'end', value: 'eos', offset: token.offset, end: token.offset });
    const found = this.group(new Tokens(inner));
    if (found === undefined) {
      return this.fail('Segment finds no condition in these parentheses and fails on events.', open.offset);
    }
    return found;
  }

  private operatorAndValue(
    name: SegmentToken,
    tokens: Tokens,
  ): { operator: SegmentToken; value: SegmentToken } {
    const operator = tokens.take();
    const value = tokens.take();
    if (operator === undefined || value === undefined) {
      return this.fail(`An operator and a value are expected after \`${name.value}\`.`, name.end);
    }
    return { operator, value };
  }

  private comparison(name: SegmentToken, field: SegmentField, tokens: Tokens): SegmentTest {
    const { operator: operatorToken, value: valueToken } = this.operatorAndValue(name, tokens);
    const place = { offset: name.offset, end: valueToken.end };
    const path = this.path(name, field);
    const value = valueOf(valueToken);
    const special = specialOperator(field, operatorToken, valueToken);
    if (special !== undefined) {
      return { kind: 'test', field, path, operator: special, value, ...place };
    }
    const operator = operatorToken.value;
    const plain = path?.length === 0 ? String(value) : value;
    return { kind: 'test', field, path, operator, value: plain, ...place };
  }

  private call(name: SegmentToken, start: SegmentToken, tokens: Tokens, children: SegmentCondition[]): void {
    const negated = name !== start;
    tokens.take();
    const subject = tokens.take();
    tokens.take();
    const argument = tokens.take();
    const close = tokens.take();
    if (subject === undefined || argument === undefined) {
      this.fail(`\`${name.value}\` expects a field and a string in quotes.`, name.offset);
    }
    const field = subjectField(subject.value);
    if (field === undefined) return;
    const text = String(valueOf(argument));
    const path = this.path(subject, field);
    const place = { offset: start.offset, end: (close ?? argument).end };
    const [operator, value] = name.value === 'contains' ? ['contains', text] : affix(argument, text);
    children.push({
      kind: 'test',
      field,
      path,
      operator: negated ? `not_${operator}` : operator,
      value,
      ...place,
    });
  }

  private path(name: SegmentToken, field: SegmentField): readonly string[] | undefined {
    if (field !== 'properties' && field !== 'traits' && field !== 'context') return [];
    const prefix = `${field}.`;
    const text = name.value.startsWith(prefix) ? name.value.slice(prefix.length) : name.value;
    if (text === '') return undefined;
    const keys = text.split(/[.[\]]/).filter((key) => key !== '');
    if (keys.length === 0) {
      return this.fail(`\`${name.value}\` names no member; Segment fails on events.`, name.offset);
    }
    return keys;
  }

  private fail(message: string, offset: number): never {
    throw new TriggerError('trigger_syntax', message, this.source, offset);
  }
}

function isFunction(token: SegmentToken): boolean {
  return token.kind === 'ident' && (token.value === 'contains' || token.value === 'match');
}

/** The value of a token: only double quotes are removed. */
function valueOf(token: SegmentToken): string | number | boolean {
  if (token.kind === 'string') return token.value.replace(/^"/, '').replace(/"$/, '');
  if (token.kind === 'number') return Number(token.value);
  if (token.kind === 'ident' && token.value === 'true') return true;
  if (token.kind === 'ident' && token.value === 'false') return false;
  return token.value;
}

/** What `= null`, `= true` and `= 5` mean depends on the field. */
function specialOperator(
  field: SegmentField,
  operator: SegmentToken,
  value: SegmentToken,
): string | undefined {
  if (field === 'type' || field === 'event') return undefined;
  const equals = operator.value === '=';
  if (!equals && operator.value !== '!=') return undefined;
  if (value.value === 'null') return equals ? 'not_exists' : 'exists';
  if (field === 'name') return undefined;
  if (equals && value.value === 'true') return 'is_true';
  if (equals && value.value === 'false') return 'is_false';
  if (field === 'userId' || value.kind !== 'number') return undefined;
  return equals ? 'number_equals' : 'number_not_equals';
}

/** The first argument of a function: everything that begins with `properties`, `traits` or `context` counts as one. */
function subjectField(name: string): SegmentField | undefined {
  if (name === 'event' || name === 'name' || name === 'userId') return name;
  for (const field of ['properties', 'traits', 'context'] as const) if (name.startsWith(field)) return field;
  return undefined;
}

/** `match` supports a star at the end; otherwise the first character is read as a star, whatever it is. */
function affix(argument: SegmentToken, text: string): readonly [string, string] {
  return argument.value.endsWith('*"') ? ['starts_with', text.slice(0, -1)] : ['ends_with', text.slice(1)];
}
