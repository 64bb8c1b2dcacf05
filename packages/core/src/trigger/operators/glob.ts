import { MAX_PATTERN_LENGTH, MAX_WALKED_PARTS } from '../limits.ts';

type Part =
  | { readonly kind: 'star' | 'one' }
  | { readonly kind: 'char'; readonly code: number }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

/** Returns what is wrong with a pattern; undefined when it is valid. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return `The pattern has ${pattern.length} characters; at most ${MAX_PATTERN_LENGTH} are allowed.`;
  }
  const parts = readParts(pattern);
  if (typeof parts === 'string') return parts;
  const walked = parts.some((part) => part.kind === 'one' || part.kind === 'class');
  if (!walked || parts.length <= MAX_WALKED_PARTS) return undefined;
  return `A pattern with \`?\` or \`[]\` may have ${MAX_WALKED_PARTS} characters; this one has ${parts.length}.`;
}

/** Creates the matcher of a valid pattern; its time is at most linear in the string. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const parts = readParts(pattern);
  if (typeof parts === 'string') return () => false;
  return compilePieces(parts) ?? compileWalk(parts);
}

function readParts(pattern: string): Part[] | string {
  const chars = Array.from(pattern);
  const parts: Part[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at]!;
    if (char === '*') {
      // Two stars in a row are equivalent to one.
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

/** Patterns of literals and stars only, which nearly all are, use the engine's own string search. */
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

const ANY = -1;

/**
 * Only the latest star is retried, so there is no exponential case: at most string times pattern, and the pattern is
 * bounded. Numbers in flat arrays keep that product cheap.
 */
function compileWalk(parts: readonly Part[]): (text: string) => boolean {
  const classes: (Part & { kind: 'class' })[] = [];
  // A code point, ANY for `?`, or the index of a class counted down from -2; `stars` marks the stars.
  const wanted = Int32Array.from(parts, (part) => {
    if (part.kind === 'char') return part.code;
    return part.kind === 'class' ? -1 - classes.push(part) : ANY;
  });
  const stars = Uint8Array.from(parts, (part) => (part.kind === 'star' ? 1 : 0));
  const length = parts.length;
  return (text) => {
    const codes = codePoints(text);
    let at = 0;
    let part = 0;
    let starPart = -1;
    let starText = 0;
    while (at < codes.length) {
      const want = part < length ? wanted[part]! : undefined;
      if (want !== undefined && stars[part] === 1) {
        starPart = part;
        starText = at;
        part += 1;
      } else if (
        want !== undefined &&
        (want === codes[at] || want === ANY || (want < ANY && inClass(classes[-2 - want]!, codes[at]!)))
      ) {
        at += 1;
        part += 1;
      } else if (starPart !== -1) {
        starText += 1;
        at = starText;
        part = starPart + 1;
      } else return false;
    }
    while (stars[part] === 1) part += 1;
    return part === length;
  };
}

function inClass(part: Part & { kind: 'class' }, code: number): boolean {
  for (const [from, to] of part.ranges) if (code >= from && code <= to) return !part.negated;
  return part.negated;
}

function codePoints(text: string): Int32Array {
  const codes = new Int32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at)!;
    codes[count] = code;
    count += 1;
    if (code > 0xffff) at += 1;
  }
  return codes.subarray(0, count);
}
