/** A template path with its braces: one unit for moving and deleting. */
export interface Pill {
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

/** A longer text is shown without pills. */
const LONGEST = 10_000;

/** Returns the template paths in a string, in order, with the mapping language's rules: triple braces first. */
export function pillsOf(text: string): readonly Pill[] {
  if (text.length > LONGEST || !text.includes('{{')) return [];
  const triple = found(text, 0, /\{\{\{([^}]+)\}\}\}/g, 3);
  const gaps = [...triple, undefined].map((next, at) => {
    const start = triple[at - 1]?.end ?? 0;
    return found(text.slice(start, next?.start ?? text.length), start, /\{\{([^}]+)\}\}/g, 2);
  });
  return [...triple, ...gaps.flat()].toSorted((one, other) => one.start - other.start);
}

function found(text: string, offset: number, pattern: RegExp, braces: number): readonly Pill[] {
  return [...text.matchAll(pattern)].map(({ 0: whole, index }) => ({
    start: offset + index,
    end: offset + index + whole.length,
    path: whole.slice(braces, -braces).trim(),
  }));
}

/** The selection in a string. */
export interface Selection {
  readonly start: number;
  readonly end: number;
  readonly isBackward: boolean;
}

/**
 * Returns the selection before a key is handled, so that it moves over or deletes a whole path; undefined for the default behaviour.
 * Inside a path, where a pointer can put the caret, it is edited like any text.
 */
export function overPill(
  pills: readonly Pill[],
  { start, end, isBackward }: Selection,
  key: string,
  isExtending: boolean,
): { readonly selection: Selection; readonly isMoved: boolean } | undefined {
  const caret = isBackward ? start : end;
  const anchor = isBackward ? end : start;
  const before = pills.find((pill) => pill.end === caret);
  const after = pills.find((pill) => pill.start === caret);
  if (key === 'Backspace' || key === 'Delete') {
    const pill = key === 'Backspace' ? before : after;
    if (start !== end || pill === undefined) return undefined;
    return { selection: { start: pill.start, end: pill.end, isBackward: false }, isMoved: false };
  }
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const to = key === 'ArrowLeft' ? before?.start : after?.end;
  // Without Shift, an arrow only clears the selection.
  if (to === undefined || (start !== end && !isExtending)) return undefined;
  const from = isExtending ? anchor : to;
  const selection = { start: Math.min(from, to), end: Math.max(from, to), isBackward: to < from };
  return { selection, isMoved: true };
}
