import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Event, normaliseEvent } from '@waybill/core';
import { createTestEvent } from '@waybill/testing';
import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { CommandFailure, EXIT } from '../output/exit.ts';

/** Reads a JSON file, comments allowed; a problem is reported with its line and column. */
export function readJson(file: string): unknown {
  if (!existsSync(file)) throw new CommandFailure(`There is no file ${file}.`, EXIT.usage);
  return parseJson(readFileSync(file, 'utf8'), file);
}

/** Parses JSON with comments. */
function parseJson(source: string, name: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(source, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const before = source.slice(0, first.offset).split('\n');
  throw new CommandFailure(
    `${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: This is not valid JSON (${printParseErrorCode(first.error)}).`,
    EXIT.usage,
  );
}

/** Reads events: a file with one event, a list, a batch or one per line; `-` is standard input. */
export async function readEvents(
  file: string | undefined,
  names: readonly string[],
): Promise<readonly Event[]> {
  const named = names.map((name, index) => createTestEvent(name, { messageId: `event-${index + 1}` }));
  if (file === undefined) return named.length > 0 ? named : [createTestEvent('Order Completed')];
  const source = file === '-' ? await text(process.stdin) : readText(file);
  return [...toEvents(parseEvents(source, file), file), ...named];
}

function readText(file: string): string {
  if (!existsSync(file)) throw new CommandFailure(`There is no file ${file}.`, EXIT.usage);
  return readFileSync(file, 'utf8');
}

function parseEvents(source: string, file: string): readonly unknown[] {
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  const perLine =
    lines.length > 1 &&
    lines.every((line) => line.trimStart().startsWith('{') && line.trimEnd().endsWith('}'));
  if (perLine) return lines.map((line, index) => parseJson(line, `${file}, line ${index + 1}`));
  const value = parseJson(source, file);
  if (Array.isArray(value)) return value;
  const batch = (value as { batch?: unknown } | null)?.batch;
  return Array.isArray(batch) ? batch : [value];
}

/** Normalises events by the rules of the tracking API; an event that would be refused is reported with its place. */
export function toEvents(raw: readonly unknown[], name: string): readonly Event[] {
  return raw.map((one, index) => {
    const result = normaliseEvent(one, {
      receivedAt: Date.now(),
      newMessageId: () => `event-${index + 1}`,
    });
    if (result.ok) return result.value;
    const problems = result.issues.map(({ path, message }) =>
      path === '' ? message : `${path}: ${message}`,
    );
    throw new CommandFailure(
      `${name}, event ${index + 1} would be refused: ${problems.join(' ')}`,
      EXIT.problems,
      {
        issues: result.issues,
      },
    );
  });
}
