import { completeTrigger, type Completion, type KnownPath, parseTrigger, TriggerError } from '@waybill/core';

/** A replacement for a part of a trigger. */
export interface Offered extends Omit<Completion, 'kind'> {
  /** `fix` for a correction of an unknown word. */
  readonly kind: Completion['kind'] | 'fix';
  readonly from: number;
  readonly to: number;
}

/** The completions at a position of a trigger. */
export interface Offer {
  readonly options: readonly Offered[];
  /** The option that Enter accepts at once; none when the text may be intended. */
  readonly first: number | undefined;
}

/** Values that are valid anywhere. */
const WORDS = /^(?:true|false|null)$/;

/** Returns completions at a position: while a word or string is typed, or anywhere on request. */
export function offer(text: string, caret: number, known: readonly KnownPath[], isAsked: boolean): Offer {
  const { from, to, options } = completeTrigger(text, caret, known);
  const typed = text.slice(from, caret);
  const isWord = /^[\p{L}_$@"']/u.test(typed);
  const isQuoted = /^["']/.test(typed);
  // After an operator, seen values are offered before typing; Enter does not accept them.
  const seen =
    typed === '' ? options.filter(({ kind, label }) => kind === 'value' && !WORDS.test(label)) : [];
  const found = isWord || isAsked ? options : seen;
  const completed = found.map((one): Offered => {
    // An unclosed string reaches to the next quote, which may belong to another string.
    const isWhole = !isQuoted || one.insert.endsWith(text.slice(caret, to));
    return { ...one, from, to: isWhole ? to : caret };
  });
  const meant = fixOf(text);
  const isNew = meant !== undefined && completed.every(({ insert }) => insert !== meant.insert);
  const all = isNew ? [...completed, meant] : completed;
  const isWritten = all.some(({ insert, from: at, to: end }) => insert.trim() === text.slice(at, end));
  if (isWritten && all.length === 1) return { options: [], first: undefined };
  const isOpen = typed === '' && (isAsked || completed.length > 0);
  return { options: all, first: all.length === 0 || isWritten || isOpen ? undefined : 0 };
}

/** The probable correction of a syntax error. */
function fixOf(text: string): Offered | undefined {
  try {
    parseTrigger(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    const { fix } = error;
    if (fix === undefined) return undefined;
    return { label: fix.text, insert: fix.text, kind: 'fix', from: fix.offset, to: fix.end };
  }
}

/** Returns a trigger with an accepted completion, and the new caret. */
export function taken(
  text: string,
  { from, to, insert }: Offered,
): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, from) + insert + text.slice(to), caret: from + insert.length };
}
