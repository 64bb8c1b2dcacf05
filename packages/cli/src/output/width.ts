import truncatedWidth from 'fast-string-truncated-width';

/** How many columns a text takes: wide characters take two, marks that join none. */
export function widthOf(text: string): number {
  return truncatedWidth(text).width;
}

/** A text that takes at most so many columns; a longer one ends in an ellipsis. */
export function cut(text: string, width: number): string {
  const { truncated, ellipsed, index } = truncatedWidth(text, {
    limit: width,
    ellipsis: '…',
    ellipsisWidth: 1,
  });
  return truncated ? `${text.slice(0, index)}${ellipsed ? '…' : ''}` : text;
}

/** A text with spaces behind it up to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The widest label that lines below their first hang under. */
const MOST_INDENT = 24;

/** Breaks a line at spaces; what follows hangs under the text behind a label, or under the first word. */
export function wrapped(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  const label = /^ *(?:\S+(?: \S+)? {2,})?/.exec(line)?.[0] ?? '';
  const plain = /^ */.exec(line)?.[0] ?? '';
  const indent = ' '.repeat(widthOf(label) <= MOST_INDENT ? widthOf(label) : plain.length + 2);
  const lines: string[] = [];
  let current = line.slice(0, label.length);
  let started = current.length;
  for (const word of line.slice(label.length).split(/(?<= )(?=\S)/)) {
    if (current.length > started && widthOf(current) + widthOf(word.trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = indent;
      started = indent.length;
    }
    current += word;
  }
  return [...lines, current.trimEnd()].join('\n');
}
