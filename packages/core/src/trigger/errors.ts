import type { ErrorCode } from '../result/errors.ts';

/** The error codes of triggers. */
export type TriggerErrorCode = Extract<ErrorCode, `trigger_${string}`>;

/** The number of characters of a long line shown on each side of the caret. */
const PICTURE_REACH = 60;

/** The replacement for a part of a trigger that cannot be parsed. */
export interface TriggerFix {
  readonly offset: number;
  readonly end: number;
  readonly text: string;
}

/** An error in a trigger, with its position. */
export class TriggerError extends Error {
  /** Code of the error registry. */
  readonly code: TriggerErrorCode;
  /** Index of the character in the trigger, from 0, in UTF-16 units. */
  readonly offset: number;
  /** Line of the character, from 1. */
  readonly line: number;
  /** Column of the character in its line, from 1, in UTF-16 units. */
  readonly column: number;
  /** The line of the trigger with a caret under the character. */
  readonly picture: string;
  /** What was most likely meant, if that is clear. */
  readonly fix: TriggerFix | undefined;

  constructor(code: TriggerErrorCode, message: string, source: string, offset: number, fix?: TriggerFix) {
    super(message);
    this.name = 'TriggerError';
    this.code = code;
    this.offset = Math.min(Math.max(offset, 0), source.length);
    const before = source.slice(0, this.offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    this.line = countLines(before);
    this.column = this.offset - lineStart + 1;
    this.picture = draw(source, lineStart, this.offset);
    this.fix = fix;
  }
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function draw(source: string, lineStart: number, offset: number): string {
  const newline = source.indexOf('\n', offset);
  const lineEnd = newline === -1 ? source.length : newline;
  const from = Math.max(lineStart, offset - PICTURE_REACH);
  const to = Math.min(lineEnd, offset + PICTURE_REACH);
  const head = (from > lineStart ? '…' : '') + clean(source.slice(from, offset));
  const tail = clean(source.slice(offset, to)) + (to < lineEnd ? '…' : '');
  // Tabs are kept in the padding so that the caret is under its character at any tab width.
  const padding = Array.from(head, (char) => (char === '\t' ? '\t' : ' ')).join('');
  return `${head}${tail}\n${padding}^`;
}

/** Control characters other than tabs would move the caret or the terminal's cursor. */
function clean(text: string): string {
  return Array.from(text, (char) =>
    char !== '\t' && (char < ' ' || (char >= '\u007f' && char <= '\u009f')) ? ' ' : char,
  ).join('');
}

/** Suggests a fix for an unknown word: `; did you mean "event"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const best = nearest(word, known);
  return best === undefined ? '' : `; did you mean \`${best}\`?`;
}

/** Returns the known word that a word most likely means. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 40) return undefined;
  const asked = plain(word);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(asked.length / 3)) + 1;
  for (const candidate of known) {
    const found = distance(asked, plain(candidate));
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** `user_id`, `UserID` and `userId` are the same word to people. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[_-]/g, '');
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
