/** Control characters of terminals: all but line feed and tab, bidirectional marks, line separators, and lone surrogates. */
const OBEYED =
  // eslint-disable-next-line no-control-regex -- these are what the function is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** Escapes control characters as `\u001b`: names, IDs and messages of events are untrusted. */
export function visible(text: string): string {
  return text.replaceAll(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for text on one line: also escapes line feeds and tabs. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
