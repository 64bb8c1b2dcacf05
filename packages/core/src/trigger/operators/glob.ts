import { MAX_PATTERN_LENGTH } from '../limits.ts';

type Part =
  | { readonly kind: 'star' | 'one' }
  | { readonly kind: 'char'; readonly code: number }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

/** What is wrong with a pattern, in words; undefined when nothing is. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return `The pattern has ${pattern.length} characters; at most ${MAX_PATTERN_LENGTH} are allowed.`;
  }
  const parts = readParts(pattern);
  return typeof parts === 'string' ? parts : undefined;
}

/** Makes the matcher of a pattern that has no problem; its time grows with the text, never faster. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const parts = readParts(pattern);
  if (typeof parts === 'string') return () => false;
  return compilePieces(parts) ?? ((text) => walk(parts, text));
}

function readParts(pattern: string): Part[] | string {
  const chars = Array.from(pattern);
  const parts: Part[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at]!;
    if (char === '*') {
      // Two stars in a row mean no more than one.
      if (parts.at(-1)?.kind !== 'star') parts.push({ kind: 'star' });
      at += 1;
    } else if (char === '?') {
      parts.push({ kind: 'one' });
      at += 1;
    } else if (char === '[') {
      const found = readClass(chars, at + 1);
      if (typeof found === 'string') return found;
      parts.push(found.part);
      at = found.next;
    } else {
      const escaped = char === '\\';
      const literal = escaped ? chars[at + 1] : char;
      if (literal === undefined) return 'The pattern ends in a `\\` that escapes nothing.';
      parts.push({ kind: 'char', code: literal.codePointAt(0)! });
      at += escaped ? 2 : 1;
    }
  }
  return parts;
}

function readClass(chars: readonly string[], start: number): { part: Part; next: number } | string {
  const ranges: [number, number][] = [];
  let at = start;
  const negated = chars[at] === '^';
  if (negated) at += 1;
  while (at < chars.length && chars[at] !== ']') {
    const from = readClassChar(chars, at);
    if (from === undefined) break;
    at = from.next;
    let upper = from.code;
    if (chars[at] === '-' && at + 1 < chars.length && chars[at + 1] !== ']') {
      const to = readClassChar(chars, at + 1);
      if (to === undefined) break;
      upper = to.code;
      at = to.next;
    }
    if (upper < from.code) return 'A range of the pattern runs backwards.';
    ranges.push([from.code, upper]);
  }
  if (chars[at] !== ']') return 'A `[` of the pattern has no closing `]`.';
  if (ranges.length === 0) return 'A `[]` of the pattern is empty.';
  return { part: { kind: 'class', negated, ranges }, next: at + 1 };
}

function readClassChar(chars: readonly string[], at: number): { code: number; next: number } | undefined {
  const escaped = chars[at] === '\\';
  const char = escaped ? chars[at + 1] : chars[at];
  return char === undefined ? undefined : { code: char.codePointAt(0)!, next: at + (escaped ? 2 : 1) };
}

/** Patterns of texts and stars only, nearly all there are, need no walk: the engine's own text search does it. */
function compilePieces(parts: readonly Part[]): ((text: string) => boolean) | undefined {
  const pieces: string[] = [''];
  for (const part of parts) {
    if (part.kind === 'star') pieces.push('');
    else if (part.kind === 'char') pieces[pieces.length - 1] += String.fromCodePoint(part.code);
    else return undefined;
  }
  const [first, ...rest] = pieces as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  if (rest.length === 0) {
    const shortest = first.length + last.length;
    if (last === '') return (text) => text.startsWith(first);
    if (first === '') return (text) => text.endsWith(last);
    return (text) => text.length >= shortest && text.startsWith(first) && text.endsWith(last);
  }
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return text.length - at >= last.length && text.endsWith(last);
  };
}

/** Only the latest star is ever tried again, so there is no exponential case. */
function walk(parts: readonly Part[], text: string): boolean {
  let at = 0;
  let part = 0;
  let starPart = -1;
  let starText = 0;
  while (at < text.length) {
    const code = text.codePointAt(at)!;
    const current = parts[part];
    if (current?.kind === 'star') {
      starPart = part;
      starText = at;
      part += 1;
    } else if (current !== undefined && fits(current, code)) {
      at += width(code);
      part += 1;
    } else if (starPart !== -1) {
      starText += width(text.codePointAt(starText)!);
      at = starText;
      part = starPart + 1;
    } else return false;
  }
  while (parts[part]?.kind === 'star') part += 1;
  return part === parts.length;
}

function fits(part: Part, code: number): boolean {
  if (part.kind === 'char') return part.code === code;
  if (part.kind === 'class') {
    return part.ranges.some(([from, to]) => code >= from && code <= to) !== part.negated;
  }
  return part.kind === 'one';
}

function width(code: number): number {
  return code > 0xffff ? 2 : 1;
}
