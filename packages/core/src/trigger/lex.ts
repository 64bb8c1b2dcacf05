import { TriggerError } from './errors.ts';
import { MAX_TRIGGER_LENGTH } from './limits.ts';

interface Position {
  readonly offset: number;
  readonly end: number;
}

/** A name or path: `event`, `properties.a\ b`, `$.type`, `@.sku`, `products[0]`. */
export interface WordToken extends Position {
  readonly kind: 'word';
  readonly root: '' | '$' | '@';
  readonly segments: readonly string[];
  /** Whether it is one segment without escapes: only such a word can be a keyword or a function. */
  readonly plain: boolean;
}

/** A quoted string, with escapes resolved. */
export interface StringToken extends Position {
  readonly kind: 'string';
  readonly value: string;
}

/** A number. */
export interface NumberToken extends Position {
  readonly kind: 'number';
  readonly value: number;
}

/** An operator or a bracket, as written. */
export interface MarkToken extends Position {
  readonly kind: 'mark';
  readonly value: string;
}

/** The end of the trigger. */
export interface EndToken extends Position {
  readonly kind: 'end';
}

/** One token of the default language. */
export type Token = WordToken | StringToken | NumberToken | MarkToken | EndToken;

const WHITESPACE = /\s/u;
const WORD_CHAR = /[\p{L}\p{M}\p{N}_$-]/u;
const WORD_START = /[\p{L}_]/u;
const NUMBER = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const MARKS = ['==', '!=', '<=', '>=', '=', '<', '>', '!', '(', ')', '[', ']', ','];

/** Operators of other languages, and what they are called here. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['&&', 'write `and`'],
  ['||', 'write `or`'],
  ['<>', 'write `!=`'],
  ['===', 'write `=`'],
  ['!==', 'write `!=`'],
  ['=~', 'use `match(field, "pattern")`'],
];

/** Splits a trigger into tokens, ending with the end token. */
export function lex(source: string): readonly Token[] {
  if (source.length > MAX_TRIGGER_LENGTH) {
    throw new TriggerError(
      'trigger_too_large',
      `The trigger has ${source.length} characters; at most ${MAX_TRIGGER_LENGTH} are allowed.`,
      source,
      MAX_TRIGGER_LENGTH,
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < source.length && WHITESPACE.test(source[at]!)) at += 1;
    if (at >= source.length) break;
    const token = tokenAt(source, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', offset: source.length, end: source.length });
  return tokens;
}

/** Reads the token at a position that is not white space. */
export function tokenAt(source: string, offset: number): Token {
  const char = charAt(source, offset);
  if (char === '"' || char === "'") return lexString(source, offset);
  if (/[\d+.-]/.test(char)) return lexNumber(source, offset);
  if (WORD_START.test(char) || char === '\\' || char === '$' || char === '@') return lexWord(source, offset);
  for (const [foreign, advice] of FOREIGN) {
    if (source.startsWith(foreign, offset))
      fail(source, offset, `There is no \`${foreign}\` here; ${advice}.`);
  }
  const mark = MARKS.find((candidate) => source.startsWith(candidate, offset));
  if (mark !== undefined) return { kind: 'mark', value: mark, offset, end: offset + mark.length };
  return fail(source, offset, `The character ${quoteChar(char)} has no meaning here.`);
}

/** The whole character at a position, also where it takes two UTF-16 units. */
function charAt(source: string, offset: number): string {
  const code = source.codePointAt(offset);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function quoteChar(char: string): string {
  return char < ' ' ? `U+${char.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}` : `\`${char}\``;
}

const STRING_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
};

function lexString(source: string, offset: number): StringToken {
  const quote = source[offset]!;
  let value = '';
  let at = offset + 1;
  while (at < source.length) {
    const char = source[at]!;
    if (char === quote) return { kind: 'string', value, offset, end: at + 1 };
    if (char === '\\' && at + 1 < source.length) {
      const next = source[at + 1]!;
      // An unknown escape keeps its backslash, so that `match(event, "50\*")` needs no doubled one.
      value += Object.hasOwn(STRING_ESCAPES, next) ? STRING_ESCAPES[next]! : `\\${next}`;
      at += 2;
    } else {
      value += char;
      at += 1;
    }
  }
  return fail(source, offset, `The string that begins here has no closing ${quote}.`);
}

function lexNumber(source: string, offset: number): NumberToken {
  NUMBER.lastIndex = offset;
  const found = NUMBER.exec(source)?.[0];
  if (found === undefined) {
    return fail(source, offset, `A number or field is expected here, not \`${source[offset]!}\`.`);
  }
  const end = offset + found.length;
  const next = charAt(source, end);
  if (next !== '' && (WORD_CHAR.test(next) || next === '.' || next === '\\')) {
    fail(
      source,
      end,
      `The number \`${found}\` continues with ${quoteChar(next)}; put quotes around it if it is a string.`,
    );
  }
  const value = Number(found);
  if (!Number.isFinite(value)) fail(source, offset, 'The number is too large.');
  return { kind: 'number', value: value === 0 ? 0 : value, offset, end };
}

function lexWord(source: string, offset: number): WordToken {
  const segments: string[] = [];
  let root: WordToken['root'] = '';
  let plain: boolean;
  let at = offset;
  const first = source[at]!;
  if (first === '$' || first === '@') {
    root = first;
    plain = false;
    at += 1;
  } else {
    const segment = lexSegment(source, at);
    segments.push(segment.value);
    plain = !segment.escaped;
    at = segment.end;
  }
  for (;;) {
    if (source[at] === '.') {
      const segment = lexSegment(source, at + 1);
      segments.push(segment.value);
      at = segment.end;
    } else if (source[at] === '[' && !(plain && segments.length === 1 && isKeyword(segments[0]!))) {
      const index = lexIndex(source, at);
      segments.push(index.value);
      at = index.end;
    } else break;
  }
  if (segments.length > 1) plain = false;
  const next = charAt(source, at);
  if (next === '"' || next === "'" || next === '$' || next === '@' || next === '\\') {
    fail(source, at, `A space or operator is expected before ${quoteChar(next)}.`);
  }
  return { kind: 'word', root, segments, plain, offset, end: at };
}

function lexSegment(source: string, offset: number): { value: string; escaped: boolean; end: number } {
  let value = '';
  let escaped = false;
  let at = offset;
  while (at < source.length) {
    let char = charAt(source, at);
    if (char === '\\') {
      escaped = true;
      at += 1;
      char = charAt(source, at);
      if (char === '') fail(source, at - 1, 'The trigger ends in the middle of an escape.');
    } else if (!WORD_CHAR.test(char)) break;
    value += char;
    at += char.length;
  }
  if (value === '') {
    fail(
      source,
      offset,
      'A member name is expected after the dot; write `\\` before spaces and other special characters.',
    );
  }
  return { value, escaped, end: at };
}

/** `[0]` or `["any key"]`. */
function lexIndex(source: string, offset: number): { value: string; end: number } {
  const next = source[offset + 1];
  let value: string;
  let at: number;
  if (next === '"' || next === "'") {
    const key = lexString(source, offset + 1);
    value = key.value;
    at = key.end;
  } else {
    at = offset + 1;
    while (at < source.length && /\d/.test(source[at]!)) at += 1;
    value = source.slice(offset + 1, at);
    if (value === '')
      fail(source, offset + 1, 'An index such as `[0]` or a key such as `["a key"]` is expected here.');
  }
  if (source[at] !== ']') fail(source, at, 'A closing `]` is expected here.');
  return { value, end: at + 1 };
}

const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'true', 'false', 'null']);

/** Whether a word, in any case, belongs to the language rather than to the event. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toLowerCase());
}

function fail(source: string, offset: number, message: string): never {
  throw new TriggerError('trigger_syntax', message, source, offset);
}
