import { visibleLine } from './visible.ts';
import { cut, padded, widthOf } from './width.ts';

/** The minimum width of the last column of a table; with less, rows become blocks. */
const LEAST = 20;

/** Formats a table: a header, then rows. On a terminal too narrow for it, a block of lines for each row. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  // Output to a file or a pipe is not cut.
  width: number = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
): string {
  const clean = rows.map((row) => row.map((cell) => visibleLine(cell.replaceAll(/\s+/g, ' ').trim())));
  const widths = head.map((name, column) =>
    Math.max(widthOf(name), ...clean.map((row) => widthOf(row[column] ?? ''))),
  );
  const last = head.length - 1;
  const room = width - widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  if (room < Math.min(LEAST, widths[last] ?? 0)) return blocks(head, clean);
  widths[last] = Math.min(widths[last] ?? 0, room);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => padded(cut(cell, widths[column] ?? 0), widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((one) => '-'.repeat(Math.min(one, 40)))), ...clean.map(line)].join(
    '\n',
  );
}

/** The first cell starts a block, the others follow with their names; empty ones are left out. */
function blocks(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = Math.max(...head.slice(1).map(widthOf));
  return rows
    .map(([first = '', ...others]) =>
      [
        `${head[0]} ${first}`,
        ...others.flatMap((cell, index) =>
          cell === '' ? [] : [`  ${padded(head[index + 1] ?? '', names)}  ${cell}`],
        ),
      ].join('\n'),
    )
    .join('\n');
}

/** Formats a value on one line, for people; cuts long ones. */
export function brief(value: unknown, length = 80): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return cut(visibleLine(text), length);
}

/** Indents every line. */
export function indent(text: string, by = '  '): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : by + line))
    .join('\n');
}
