import { TriggerError } from '../errors.ts';
import { MAX_TRIGGER_LENGTH } from '../limits.ts';

/** A token of the hosted language; `value` is the string that the hosted parser compares, quotes included. */
export interface SegmentToken {
  readonly kind:
    | 'ident'
    | 'dot'
    | 'operator'
    | 'conditional'
    | 'string'
    | 'number'
    | 'null'
    | 'bracket'
    | 'open'
    | 'close'
    | 'comma'
    | 'end';
  readonly value: string;
  readonly offset: number;
  readonly end: number;
}

const SINGLE: Readonly<Record<string, SegmentToken['kind']>> = {
  '.': 'dot',
  '[': 'bracket',
  ']': 'bracket',
  ',': 'comma',
  '(': 'open',
  ')': 'close',
};

/** Splits a trigger as the hosted product does, including its quirks. */
export function lexSegment(source: string): SegmentToken[] {
  if (source.length > MAX_TRIGGER_LENGTH) {
    throw new TriggerError(
      'trigger_too_large',
      `The trigger has ${source.length} characters; at most ${MAX_TRIGGER_LENGTH} are allowed.`,
      source,
      MAX_TRIGGER_LENGTH,
    );
  }
  return joinPaths(new SegmentLexer(source).tokens());
}

/** `properties`, `.`, `total` become one name; anything but a name after the dot stays separate. */
function joinPaths(tokens: readonly SegmentToken[]): SegmentToken[] {
  const joined: SegmentToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const current = tokens[at]!;
    const last = joined.at(-1);
    const next = tokens[at + 1];
    if (last?.kind === 'ident' && current.kind === 'dot' && next?.kind === 'ident') {
      joined[joined.length - 1] = { ...last, value: `${last.value}.${next.value}`, end: next.end };
      at += 1;
    } else joined.push(current);
  }
  return joined;
}

class SegmentLexer {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  tokens(): SegmentToken[] {
    const found: SegmentToken[] = [];
    for (;;) {
      while (isSpace(this.source[this.at])) this.at += 1;
      const offset = this.at;
      if (offset >= this.source.length) {
        found.push({ kind: 'end', value: 'eos', offset, end: offset });
        return found;
      }
      const [kind, value] = this.token();
      found.push({ kind, value, offset, end: this.at });
    }
  }

  private token(): readonly [SegmentToken['kind'], string] {
    const char = this.source[this.at]!;
    this.at += 1;
    const next = this.source[this.at];
    if (char === '!' && next !== undefined && (isLetter(next) || next === '(')) return ['operator', '!'];
    if (isLetter(char) || char === '_' || char === '\\') return this.word(char);
    if (isDigit(char) || char === '-' || char === '+') return ['number', this.number(char)];
    const single = SINGLE[char];
    if (single !== undefined) return [single, char];
    switch (char) {
      case '=':
        return ['operator', '='];
      case '!':
        if (this.accept('=')) return ['operator', '!='];
        return this.fail('A `!` must come before a word, a parenthesis, or an `=` followed by a space.');
      case '<':
      case '>':
        return ['operator', this.accept('=') ? `${char}=` : char];
      case '"':
      case "'":
        return ['string', this.text(char)];
      default:
        return this.fail(`Segment does not know the character \`${char}\`.`);
    }
  }

  private word(first: string): readonly [SegmentToken['kind'], string] {
    if (first === 'a' && this.accept('nd')) return ['conditional', 'and'];
    if (first === 'o' && this.accept('r')) return ['conditional', 'or'];
    if (first === 'n' && this.accept('ull')) return ['null', 'null'];
    return ['ident', this.ident(first)];
  }

  private ident(first: string): string {
    let value = '';
    let char = first;
    for (;;) {
      if (char === '\\') {
        if (this.at >= this.source.length) this.fail('The trigger ends in the middle of an escape.');
        char = this.source[this.at]!;
        this.at += 1;
      }
      value += char;
      const next = this.source[this.at];
      if (next === undefined || !isIdent(next)) break;
      char = next;
      this.at += 1;
    }
    const next = this.source[this.at];
    if (!endsWord(next) && next !== '.' && next !== '(' && next !== '=' && next !== '!') {
      this.fail(`Segment expects a space after a word, not \`${next ?? ''}\`.`, this.at);
    }
    return value;
  }

  private number(first: string): string {
    const start = this.at;
    let decimal = false;
    for (let next = this.source[this.at]; next !== undefined && (isDigit(next) || next === '.');) {
      this.at += 1;
      if (next === '.') {
        if (endsWord(this.source[this.at])) this.fail('The number ends in its decimal point.');
        if (decimal) this.fail('The number has two decimal points.');
        decimal = true;
      }
      next = this.source[this.at];
    }
    return first + this.source.slice(start, this.at);
  }

  private text(quote: string): string {
    const close = this.source.indexOf(quote, this.at);
    if (close === -1) return this.fail(`The string that begins here has no closing ${quote}.`);
    const value = this.source.slice(this.at, close);
    this.at = close;
    // A closing quote counts only before a space, a comma, a bracket or the end; otherwise it opens another string.
    this.accept(quote);
    return quote + value + quote;
  }

  /**
   * Consumes a word if it starts and ends here. Where the trigger ends before the word, the read part is lost: `an`
   * reads as `a`. That is the hosted behaviour.
   */
  private accept(word: string): boolean {
    const start = this.at;
    for (let read = 0; read < word.length; read += 1) {
      const char = this.source[this.at];
      if (char === undefined) return false;
      this.at += 1;
      if (endsWord(char)) break;
    }
    if (this.source.slice(start, this.at) === word && endsWord(this.source[this.at])) return true;
    this.at = start;
    return false;
  }

  private fail(message: string, offset = this.at - 1): never {
    throw new TriggerError('trigger_syntax', message, this.source, offset);
  }
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n';
}

function endsWord(char: string | undefined): boolean {
  return char === undefined || isSpace(char) || char === ',' || char === ']' || char === ')';
}

function isLetter(char: string): boolean {
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z');
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

function isIdent(char: string): boolean {
  return isLetter(char) || isDigit(char) || char === '_' || char === '-' || char === '\\';
}
