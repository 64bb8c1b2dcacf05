import { describe, expect, it } from 'vitest';
import { brief, indent, table } from '../../src/output/table.ts';

describe('table', () => {
  it('aligns columns and keeps a row on a line', () => {
    expect(
      table(
        ['id', 'what'],
        [
          ['1', 'a\n b'],
          ['100', ''],
        ],
      ),
    ).toBe('id   what\n---  ----\n1    a b\n100');
  });

  it('shortens values, and indents non-empty tables', () => {
    expect(brief({ a: 'bcdefgh' }, 8)).toBe('{"a":"b…');
    expect(brief(undefined)).toBe('nothing');
    expect(indent('a\n\nb')).toBe('  a\n\n  b');
  });
});
