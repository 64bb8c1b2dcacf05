/**
 * Characters that a terminal obeys instead of showing: control characters but line feed and tab, marks that turn the
 * direction of text, separators that break lines, and halves of a pair.
 */
const OBEYED =
  // eslint-disable-next-line no-control-regex -- these are what the function is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** Writes what a terminal would obey as `\u001b`: names, ids and messages of events are anybody's text. */
export function visible(text: string): string {
  return text.replaceAll(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for a text that must stay on its line: also line feeds and tabs. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
