import { styleText } from 'node:util';
import { visible } from './visible.ts';
import { wrapped } from './width.ts';

/**
 * Prints text for people, without terminal control characters. On a terminal lines are wrapped at its width; in a file or pipe they
 * stay whole, for other programs to search. `colour` receives text that is safe to show.
 */
export function print(text: string, colour: (text: string) => string = (same) => same): void {
  console.log(colour(fitted(visible(text), process.stdout)));
}

/** Colours text if standard output is a terminal with colours; respects `NO_COLOR`. */
export function paint(text: string, colour: 'green' | 'yellow' | 'red' | 'gray' | 'bold'): string {
  return styleText(colour, text, { stream: process.stdout });
}

/** The same next to a label: on a terminal, wrapped lines are indented below the first. */
export function printBeside(label: string, text: string, colour?: (text: string) => string): void {
  const { columns, isTTY } = process.stdout;
  const room = columns - label.length;
  const lines = isTTY && room >= 20 ? wrapped(visible(text), room) : visible(text);
  print(`${label}${lines.replaceAll('\n', `\n${' '.repeat(label.length)}`)}`, colour);
}

/** The same to standard error. */
export function printError(text: string): void {
  console.error(fitted(visible(text), process.stderr));
}

/** The same without wrapping, for text that users copy. */
export function printErrorWhole(text: string): void {
  console.error(visible(text));
}

/** Prints text for another program, without wrapping. */
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

/** The maximum width for readable lines. */
const WIDEST = 118;

/** Prints text that nobody searches: wrapped everywhere, at 80 columns without a terminal. */
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
