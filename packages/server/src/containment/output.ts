import type { Redactor } from '@waybill/delivery';

/** The output of a process, line by line. */
export interface Output {
  take(part: Buffer): void;
  /** Text without secrets and control characters. */
  clean(text: string): string;
  redact(redactor: Redactor): void;
  /** Returns the output about memory, if the process ran out of it. */
  memory(): string | undefined;
  /** Resets the state for a new process. */
  forget(): void;
}

/** The maximum number of logged lines per minute; the others are counted. */
const MOST_LINES = 100;

/** The maximum number of kept characters per line. */
const LONGEST_LINE = 1_000;

/** Handles the output of a process; `say` is called with each line, without secrets, up to the limit. */
export function createOutput(say: (line: string) => void): Output {
  let rest = '';
  let memory: string | undefined;
  let minute = 0;
  let lines = 0;
  let redactor: Redactor | undefined;

  const clean = (text: string): string =>
    // eslint-disable-next-line no-control-regex -- terminals must not act on what a partner prints
    (redactor?.text(text) ?? text).replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, LONGEST_LINE);
  const line = (text: string): void => {
    if (text === '') return;
    if (/out of memory/i.test(text)) memory = 'it ran out of memory';
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) {
      if (lines > MOST_LINES) say(`(${lines - MOST_LINES} more lines)`);
      minute = now;
      lines = 0;
    }
    lines += 1;
    if (lines <= MOST_LINES) say(clean(text));
  };
  return {
    take(part) {
      const parts = (rest + part.toString()).split('\n');
      rest = parts.pop()!.slice(0, LONGEST_LINE);
      for (const one of parts) line(one);
    },
    clean,
    redact: (next) => void (redactor = next),
    memory: () => memory,
    forget() {
      rest = '';
      memory = undefined;
    },
  };
}
