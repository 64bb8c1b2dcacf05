import { completeTrigger, type Completion, type KnownPath, parseTrigger, TriggerError } from '@waybill/core';

/** A text that can take the place of a part of a trigger. */
export interface Offered extends Omit<Completion, 'kind'> {
  /** `fix` for what was probably meant by a word that is not known. */
  readonly kind: Completion['kind'] | 'fix';
  readonly from: number;
  readonly to: number;
}

/** What is offered at a place of a trigger. */
export interface Offer {
  readonly options: readonly Offered[];
  /** The option that Enter takes at once; none when what is written may be meant as it is. */
  readonly first: number | undefined;
}

/** Values that can stand anywhere. */
const WORDS = /^(?:true|false|null)$/;

/** Offers what can be written at a place: while a word or a text is being typed, or at any place when it is asked for. */
export function offer(text: string, caret: number, known: readonly KnownPath[], isAsked: boolean): Offer {
  const { from, to, options } = completeTrigger(text, caret, known);
  const typed = text.slice(from, caret);
  const isWord = /^[\p{L}_$@"']/u.test(typed);
  const isQuoted = /^["']/.test(typed);
  // Behind an operator, what was seen there is offered before anything is typed; Enter does not take it.
  const seen =
    typed === '' ? options.filter(({ kind, label }) => kind === 'value' && !WORDS.test(label)) : [];
  const found = isWord || isAsked ? options : seen;
  const completed = found.map((one): Offered => {
    // A text that is not closed yet reaches to the next quote, which may be that of another text.
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

/** What was probably meant where the trigger cannot be read. */
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

/** A trigger with an offer taken, and where the caret stands then. */
export function taken(
  text: string,
  { from, to, insert }: Offered,
): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, from) + insert + text.slice(to), caret: from + insert.length };
}
