import { visible } from './visible.ts';
import { wrapped } from './width.ts';

/**
 * Prints text for a person, and nothing that a terminal would obey. On a terminal lines are broken at its width; in a
 * file or pipe they stay whole, for other programs to search.
 */
export function print(text: string): void {
  console.log(fitted(visible(text), process.stdout));
}

/** The same to standard error. */
export function printError(text: string): void {
  console.error(fitted(visible(text), process.stderr));
}

/** Prints a text that another program reads: lines are never broken. */
export function printWhole(text: string): void {
  console.log(visible(text));
}

/** Prints a value for machines. */
export function printJson(value: unknown): void {
  printWhole(JSON.stringify(value, null, 2));
}

/** Prints a value for machines, on one line. */
export function printJsonLine(value: unknown): void {
  printWhole(JSON.stringify(value));
}

/** The widest that lines are comfortable to read. */
const WIDEST = 118;

/** Prints text that nobody searches: its lines are broken everywhere, at 80 columns where there is no terminal. */
export function printProse(text: string): void {
  console.log(broken(visible(text), Math.min(process.stdout.columns ?? 80, WIDEST)));
}

function fitted(text: string, stream: NodeJS.WriteStream): string {
  if (!stream.isTTY || !(stream.columns >= 20)) return text;
  return broken(text, stream.columns);
}

function broken(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapped(line, width))
    .join('\n');
}
