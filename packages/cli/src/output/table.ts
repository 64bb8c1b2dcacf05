/** Lines of a table: a head, then rows; the last column takes what width is left. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = process.stdout.columns ?? 120,
): string {
  const clean = rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()));
  const widths = head.map((name, column) =>
    Math.max(name.length, ...clean.map((row) => (row[column] ?? '').length)),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const last = head.length - 1;
  // Output that goes into a file or a pipe is not cut.
  if (process.stdout.isTTY) widths[last] = Math.max(20, Math.min(widths[last] ?? 0, width - before));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === last ? cut(cell, widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((one) => '-'.repeat(Math.min(one, 40)))), ...clean.map(line)].join(
    '\n',
  );
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** A value on one line, for people; long ones are cut. */
export function brief(value: unknown, length = 80): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return cut(text, length);
}

/** Indents every line. */
export function indent(text: string, by = '  '): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : by + line))
    .join('\n');
}
