import truncatedWidth from 'fast-string-truncated-width';

/** Returns the columns of a string: wide characters take two, combining marks none. */
export function widthOf(text: string): number {
  return truncatedWidth(text).width;
}

/** Cuts a string to a number of columns, with an ellipsis. */
export function cut(text: string, width: number): string {
  const { truncated, ellipsed, index } = truncatedWidth(text, {
    limit: width,
    ellipsis: '…',
    ellipsisWidth: 1,
  });
  return truncated ? `${text.slice(0, index)}${ellipsed ? '…' : ''}` : text;
}

/** Pads a string with spaces to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The maximum label width for indented lines. */
const MOST_INDENT = 24;

/** Wraps a line at spaces, indented to the text after a label, or to the first word. */
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
