import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { ERRORS, errorEntry } from '../../src/result/errors.ts';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** The rendered text of a table cell: `\\<` is `<`. */
const unescaped = (cell = ''): string => cell.replaceAll(/\\([|<])/g, '$1');

describe('the error registry', () => {
  it.each(Object.entries(ERRORS))('%s describes the problem and the remedy, in sentences', (code, entry) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(entry.message).toMatch(/^[A-Z].*\.$/);
    expect(entry.remedy).toMatch(/^[A-Z].*\.$/);
    expect(entry.status).toBeGreaterThanOrEqual(200);
  });

  it('and docs/errors.md have the same codes and texts', () => {
    const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (\d+) \| (yes|no) \| (.+?) \| (.+?) \|$/gm)].map(
      ([, code, status, retryable, ...words]) => [code, status, retryable, ...words.map(unescaped)],
    );
    const expected = Object.entries(ERRORS).map(([code, entry]) => [
      code,
      String(entry.status),
      entry.retryable ? 'yes' : 'no',
      entry.message,
      entry.remedy,
    ]);
    expect(rows).toEqual(expected);
  });

  it('defines each code in one file', () => {
    const folder = new URL('../../src/result/errors/', import.meta.url);
    const codes = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ {2}([a-z_]+): \{$/gm)].map(
        ([, code]) => code,
      ),
    );
    expect(codes.sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it('does not mistake a built-in member for a code', () => {
    expect(errorEntry('constructor')).toBeUndefined();
    expect(errorEntry('unchanged')?.status).toBe(200);
  });
});
