import type {
  FunctionCall,
  Compare,
  CompareOperator,
  Condition,
  ListLiteral,
  Literal,
  Operand,
  Path,
  Quantifier,
  Trigger,
} from './ast.ts';
import { didYouMean, nearest, TriggerError, type TriggerErrorCode, type TriggerFix } from './errors.ts';
import { FIELD_BY_NAME, FIELDS } from './fields.ts';
import { isKeyword, lex, type Token, type WordToken } from './lex.ts';
import { MAX_TRIGGER_DEPTH } from './limits.ts';
import { FUNCTION_BY_NAME, FUNCTIONS } from './operators/index.ts';

/** Parses a trigger of the default language; throws a TriggerError that points at the first problem. */
export function parseTrigger(source: string): Trigger {
  const parser = new Parser(source, lex(source));
  return Object.freeze({ source, condition: parser.whole() });
}

const QUANTIFIER_NAMES = ['any', 'all'] as const;

const COMPARE_OPERATORS: ReadonlyMap<string, CompareOperator> = new Map([
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

/**
 * Recursive descent, one method per level of precedence: `or`, `and`, `!`, one condition. Depth is counted where a
 * level can contain itself, so the stack is bounded for every trigger.
 */
class Parser {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  /** The number of `any` and `all` around the current token. */
  private quantifiers = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  whole(): Condition {
    if (this.peek().kind === 'end') {
      this.fail('The trigger is empty; write `true` to match every event.', 0);
    }
    const condition = this.joined('or');
    const rest = this.peek();
    if (rest.kind !== 'end') this.unexpectedAfterCondition(rest);
    return condition;
  }

  private joined(kind: 'or' | 'and'): Condition {
    const next = () => (kind === 'or' ? this.joined('and') : this.negated());
    const children = [next()];
    while (this.takeKeyword(kind)) children.push(next());
    const [first] = children as [Condition];
    if (children.length === 1) return first;
    return { kind, children, offset: first.offset, end: children.at(-1)!.end };
  }

  private negated(): Condition {
    const start = this.peek();
    if (!this.takeMark('!') && !this.takeKeyword('not')) return this.single();
    return this.deeper(start, () => {
      const child = this.negated();
      return { kind: 'not', child, offset: start.offset, end: child.end };
    });
  }

  private single(): Condition {
    const start = this.peek();
    if (start.kind === 'mark' && start.value === '(') {
      return this.deeper(start, () => {
        this.at += 1;
        const condition = this.joined('or');
        const end = this.close(start, ')');
        return { ...condition, offset: start.offset, end };
      });
    }
    if (start.kind === 'word' && this.isCall(start)) {
      const quantifier = QUANTIFIER_NAMES.find((name) => name === start.segments[0]);
      if (quantifier !== undefined) return this.quantifier(start, quantifier);
    }
    return this.comparison(this.operand());
  }

  private comparison(left: Operand): Condition {
    const mark = this.peek();
    const operator = mark.kind === 'mark' ? COMPARE_OPERATORS.get(mark.value) : undefined;
    if (operator !== undefined) {
      this.at += 1;
      const right = this.operand();
      this.refuseChain();
      const node: Compare = { kind: 'compare', operator, left, right, offset: left.offset, end: right.end };
      return node;
    }
    if (this.isKeyword(mark, 'not') && this.isKeyword(this.peek(1), 'in')) {
      this.at += 1;
      const child = this.membership(left);
      return { kind: 'not', child, offset: child.offset, end: child.end };
    }
    if (this.isKeyword(mark, 'in')) return this.membership(left);
    return this.test(left);
  }

  private membership(value: Operand): Condition {
    this.at += 1;
    const start = this.peek();
    const list =
      start.kind === 'mark' && (start.value === '[' || start.value === '(')
        ? this.list(start)
        : this.operand();
    if (list.kind !== 'list' && list.kind !== 'path') {
      return this.fail(
        'A list such as `["a", "b"]`, or a field that contains one, is expected after `in`.',
        list.offset,
      );
    }
    this.refuseChain();
    return { kind: 'in', value, list, offset: value.offset, end: list.end };
  }

  private test(operand: Operand): Condition {
    if (operand.kind === 'list' || (operand.kind === 'literal' && typeof operand.value !== 'boolean')) {
      const next = this.peek();
      return this.fail(
        'A value alone is not a condition; an operator such as `=` or `in` is expected after it.',
        next.offset,
      );
    }
    if (operand.kind === 'call' && FUNCTION_BY_NAME.get(operand.name)?.returns !== 'bool') {
      return this.fail(
        `\`${operand.name}(…)\` has a value that is neither true nor false; compare it with something.`,
        operand.end,
      );
    }
    return { kind: 'test', operand, offset: operand.offset, end: operand.end };
  }

  private quantifier(start: WordToken, kind: 'any' | 'all'): Quantifier {
    return this.deeper(start, () => {
      this.at += 1;
      const open = this.peek();
      this.at += 1;
      const list = this.operand();
      if (list.kind !== 'path') {
        return this.fail(`The first argument of \`${kind}\` is a field that contains a list.`, list.offset);
      }
      if (this.quantifiers > 0 && list.root === 'event') {
        // Each level would multiply the work by the length of a list of the event.
        return this.fail(
          `Inside another list, \`${kind}\` expects a list of the item, not of the event.`,
          list.offset,
        );
      }
      if (!this.takeMark(',')) {
        this.fail(`A comma and a condition on the item are expected here: \`${kind}(list, condition)\`.`);
      }
      this.quantifiers += 1;
      const condition = this.joined('or');
      this.quantifiers -= 1;
      const end = this.close(open, ')');
      return { kind, list, condition, offset: start.offset, end };
    });
  }

  private operand(): Operand {
    const token = this.peek();
    switch (token.kind) {
      case 'string':
      case 'number':
        this.at += 1;
        return { kind: 'literal', value: token.value, offset: token.offset, end: token.end };
      case 'mark':
        if (token.value === '[') return this.list(token);
        return this.fail(
          token.value === '('
            ? 'Parentheses group conditions, not values.'
            : `A field or value is expected before \`${token.value}\`.`,
        );
      case 'end':
        return this.fail('The trigger ends where a field or value is expected.');
      case 'word':
        return this.word(token);
    }
  }

  private word(token: WordToken): Operand {
    if (this.isCall(token)) return this.call(token);
    if (token.plain && isKeyword(token.segments[0]!)) {
      const keyword = token.segments[0]!.toLowerCase();
      const value = LITERAL_WORDS.get(keyword);
      if (value === undefined) return this.fail(`A field or value is expected before \`${keyword}\`.`);
      this.at += 1;
      return { kind: 'literal', value, offset: token.offset, end: token.end };
    }
    const path = this.path(token);
    this.at += 1;
    return path;
  }

  private path(token: WordToken): Path {
    const place = { offset: token.offset, end: token.end };
    const inList = this.quantifiers > 0;
    if (token.root === '@' && !inList) {
      return this.fail('`@` is the item of a list; it exists only inside `any` and `all`.');
    }
    if (token.root === '@' || (token.root === '' && inList)) {
      return { kind: 'path', root: 'item', segments: token.segments, ...place };
    }
    const name = token.segments[0];
    if (name === undefined) return this.fail('`$` is the event; name a field, for example `$.type`.');
    const field = FIELD_BY_NAME.get(name);
    if (field === undefined) return this.unknownField(token, name);
    if (field.type === 'text' && token.segments.length > 1) {
      return this.fail(
        `\`${name}\` has no members${didYouMean(token.segments[1]!, FIELD_BY_NAME.keys())}`,
        token.offset,
        'trigger_unknown_word',
      );
    }
    return { kind: 'path', root: 'event', segments: token.segments, ...place };
  }

  private unknownField(token: WordToken, name: string): never {
    const fields = FIELDS.map((field) => field.name).join(', ');
    const known = [...FIELD_BY_NAME.keys(), ...FUNCTION_BY_NAME.keys(), ...QUANTIFIER_NAMES];
    const advice =
      didYouMean(name, known) ||
      `; a string needs quotes, a property its \`properties.\`. The fields are ${fields}.`;
    const message = `\`${name}\` is not a field of an event${advice}`;
    return this.fail(message, token.offset, 'trigger_unknown_word', this.fix(token, name, known));
  }

  private call(token: WordToken): FunctionCall {
    return this.deeper(token, () => {
      const name = token.segments[0]!;
      const entry = FUNCTION_BY_NAME.get(name);
      if (entry === undefined) return this.unknownFunction(token, name);
      this.at += 1;
      const open = this.peek();
      this.at += 1;
      const args: Operand[] = [];
      if (!this.isMark(this.peek(), ')')) {
        do args.push(this.operand());
        while (this.takeMark(','));
      }
      const end = this.close(open, ')');
      const call: FunctionCall = { kind: 'call', name, args, offset: token.offset, end };
      if (args.length !== entry.parameters.length) {
        const shape = `${name}(${entry.parameters.join(', ')})`;
        this.fail(
          `\`${name}\` takes ${entry.parameters.length} argument(s), not ${args.length}: \`${shape}\`.`,
          token.offset,
        );
      }
      entry.check?.(call, (message, offset) => this.fail(message, offset));
      return call;
    });
  }

  private unknownFunction(token: WordToken, name: string): never {
    if (QUANTIFIER_NAMES.some((quantifier) => quantifier === name)) {
      return this.fail(`\`${name}(…)\` is a complete condition; it cannot be compared.`, token.offset);
    }
    const known = [...FUNCTIONS.map((entry) => entry.name), ...QUANTIFIER_NAMES];
    const advice = didYouMean(name, known) || `; the functions are ${known.join(', ')}.`;
    const message = `\`${name}\` is not a function${advice}`;
    return this.fail(message, token.offset, 'trigger_unknown_word', this.fix(token, name, known));
  }

  /** `["a", "b"]`; after `in` also `("a", "b")`. */
  private list(open: Token): ListLiteral {
    this.at += 1;
    const closing = this.isMark(open, '(') ? ')' : ']';
    const items: Literal[] = [];
    if (!this.isMark(this.peek(), closing)) {
      do {
        // Checked before parsing: lists do not nest, so their depth need not be counted.
        if (this.isMark(this.peek(), '['))
          this.fail('A list may contain only strings, numbers, true, false and null.');
        const item = this.operand();
        if (item.kind !== 'literal')
          return this.fail('A list may contain only strings, numbers, true, false and null.', item.offset);
        items.push(item);
      } while (this.takeMark(','));
    }
    const end = this.close(open, closing);
    return { kind: 'list', items, offset: open.offset, end };
  }

  private deeper<T>(start: Token, read: () => T): T {
    if (this.depth >= MAX_TRIGGER_DEPTH) {
      return this.fail(
        `The trigger is nested more deeply than ${MAX_TRIGGER_DEPTH} levels.`,
        start.offset,
        'trigger_too_large',
      );
    }
    this.depth += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  private close(open: Token, closing: ')' | ']'): number {
    const token = this.peek();
    if (!this.takeMark(closing)) {
      if (token.kind === 'end') {
        return this.fail(`This bracket is never closed; a \`${closing}\` is missing.`, open.offset);
      }
      return this.fail(`A \`${closing}\` is expected here${this.hint(token)}.`);
    }
    return token.end;
  }

  private refuseChain(): void {
    const token = this.peek();
    if ((token.kind === 'mark' && COMPARE_OPERATORS.has(token.value)) || this.isKeyword(token, 'in')) {
      this.fail('Comparisons cannot be chained; join two of them with `and`.');
    }
  }

  private unexpectedAfterCondition(token: Token): never {
    if (this.isMark(token, ')')) return this.fail('This `)` has no opening parenthesis.');
    return this.fail(`\`and\`, \`or\` or the end is expected here${this.hint(token)}.`);
  }

  private hint(token: Token): string {
    if (token.kind !== 'word' || !token.plain) return '';
    return `, not \`${token.segments[0]!}\``;
  }

  private isCall(token: WordToken): boolean {
    return token.plain && !isKeyword(token.segments[0]!) && this.isMark(this.peek(1), '(');
  }

  private peek(ahead = 0): Token {
    // The last token is the end; nothing reads beyond it.
    return this.tokens[this.at + ahead] ?? this.tokens.at(-1)!;
  }

  private isMark(token: Token, value: string): boolean {
    return token.kind === 'mark' && token.value === value;
  }

  private isKeyword(token: Token, word: string): boolean {
    return token.kind === 'word' && token.plain && token.segments[0]!.toLowerCase() === word;
  }

  private takeMark(value: string): boolean {
    if (!this.isMark(this.peek(), value)) return false;
    this.at += 1;
    return true;
  }

  private takeKeyword(word: string): boolean {
    if (!this.isKeyword(this.peek(), word)) return false;
    this.at += 1;
    return true;
  }

  private fail(
    message: string,
    offset = this.peek().offset,
    code: TriggerErrorCode = 'trigger_syntax',
    fix?: TriggerFix,
  ): never {
    throw new TriggerError(code, message, this.source, offset, fix);
  }

  /** The known word for the first segment of a path. */
  private fix(token: WordToken, name: string, known: Iterable<string>): TriggerFix | undefined {
    const text = nearest(name, known);
    const offset = token.offset + token.root.length + (token.root === '' ? 0 : 1);
    return text === undefined || !this.source.startsWith(name, offset)
      ? undefined
      : { offset, end: offset + name.length, text };
  }
}

const LITERAL_WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
