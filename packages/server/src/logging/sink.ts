import { fstatSync, writeSync } from 'node:fs';

/** The maximum number of buffered bytes. */
const ROOM = 2 ** 20;
/** The maximum number of characters of a line. */
const LONGEST_LINE = 8_192;
const AGAIN = 200;

/** The destination of log lines. */
export interface LogSink {
  write(line: string): void;
  /** The number of dropped lines. */
  readonly dropped: number;
}

/** The inputs of a sink, which tests replace. */
export interface LogSinkInput {
  /** Writes as much as possible and returns the number of bytes; throws when it can write nothing. */
  readonly write: (bytes: Uint8Array) => number;
  readonly now: () => number;
}

/**
 * Creates a log sink that never blocks its process: not on a full disk, not on an unread pipe. Lines are buffered in memory, up
 * to a bound; further lines are dropped, and their number is logged when possible.
 */
export function createLogSink({ write, now }: LogSinkInput = standardOutput()): LogSink {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let dropped = 0;
  let unsaid = 0;
  let timer: NodeJS.Timeout | undefined;

  const push = (line: Uint8Array): void => {
    waiting.push(line);
    bytes += line.length;
  };
  /** Writes the buffer; returns whether it is empty. */
  const flush = (): boolean => {
    if (unsaid > 0 && bytes < ROOM / 2) {
      push(lineOf({ level: 40, time: now(), dropped: unsaid, msg: 'log lines were dropped' }));
      unsaid = 0;
    }
    while (waiting.length > 0) {
      const first = waiting[0]!;
      let written: number;
      try {
        written = write(first);
      } catch {
        break;
      }
      bytes -= written;
      if (written < first.length) {
        waiting[0] = first.subarray(written);
        break;
      }
      waiting.shift();
    }
    return waiting.length === 0 && unsaid === 0;
  };
  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!flush()) later();
    }, AGAIN).unref();
  };
  return {
    get dropped() {
      return dropped;
    },
    write(line) {
      if (bytes > ROOM) {
        dropped += 1;
        unsaid += 1;
        return;
      }
      push(line.length > LONGEST_LINE ? shortened(line, now()) : Buffer.from(line));
      // While others wait, the timer handles all of them.
      if (timer === undefined && !flush()) later();
    },
  };
}

function standardOutput(): LogSinkInput {
  const kind = fstatSync(1);
  // Creating Node's stream makes the pipe non-blocking for all writers, including our thread.
  if (kind.isFIFO() || kind.isSocket()) void process.stdout;
  return { write: (bytes) => writeSync(1, bytes), now: Date.now };
}

function shortened(line: string, time: number): Uint8Array {
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 40);
  return lineOf({ level, time, length: line.length, msg: line.slice(0, LONGEST_LINE / 2) });
}

function lineOf(content: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(content)}\n`);
}
