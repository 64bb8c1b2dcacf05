const START = '<!-- generated:start -->';
const END = '<!-- generated:end -->';

/** Formats a Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Replaces the part between the marks of a page; the formatter ignores it. */
export function betweenMarks(page: string, text: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) return page;
  const ignored = `<!-- prettier-ignore-start -->\n\n${text}\n\n<!-- prettier-ignore-end -->`;
  return `${page.slice(0, start + START.length)}\n${ignored}\n${page.slice(end)}`;
}
