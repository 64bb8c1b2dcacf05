import { fstatSync, writeSync } from 'node:fs';

/** Bytes that may wait for their way out. */
const ROOM = 2 ** 20;
/** Characters of a line. */
const LONGEST_LINE = 8_192;
const AGAIN = 200;

/** Where the lines of a log go. */
export interface LogSink {
  write(line: string): void;
  /** Lines that were dropped, as nobody took them. */
  readonly dropped: number;
}

/** What a sink needs, for tests to give. */
export interface LogSinkInput {
  /** Writes what it can and returns how many bytes that were; throws when it can write nothing. */
  readonly write: (bytes: Uint8Array) => number;
  readonly now: () => number;
}

/**
 * A log that never keeps its process waiting: not on a full disk, not on a pipe that nobody reads. What finds no room
 * waits in memory, up to a bound; beyond it lines are dropped, and their number is said as soon as there is room.
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
  /** Whether everything is out. */
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
      // While others wait, the timer looks after all of them.
      if (timer === undefined && !flush()) later();
    },
  };
}

function standardOutput(): LogSinkInput {
  const kind = fstatSync(1);
  // Made by Node, its stream keeps a pipe from blocking whoever writes; a thread of ours writes to the same one.
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
