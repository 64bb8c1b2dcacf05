import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../src/output/table.ts';
import { visible, visibleLine } from '../../src/output/visible.ts';
import { cut, padded, widthOf, wrapped } from '../../src/output/width.ts';

const source = join(import.meta.dirname, '../../src');

describe('printed output', () => {
  it('goes through a single function that makes control characters visible', () => {
    const direct = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== 'output/print.ts')
      // The line with the address of a server contains nothing of events.
      .filter((name) => !/^(?:start\/start|sandbox[^/]*)\.ts$/.test(name))
      .filter((name) => /console\.(?:log|error|warn)\(/.test(readFileSync(join(source, name), 'utf8')));
    expect(direct).toEqual([]);
  });

  it('shows control sequences of a terminal', () => {
    expect(visible('a\u001b[2Jb\u009b1m\r\n\tc\u202e')).toBe('a\\u001b[2Jb\\u009b1m\\u000d\n\tc\\u202e');
    expect(visibleLine('a\nb')).toBe('a\\nb');
    expect(visible('né 東京 👩‍👧')).toBe('né 東京 👩‍👧');
    expect(visible('\ud800')).toBe('\\ud800');
    // JSON stays the same value.
    expect(JSON.parse(visible(JSON.stringify({ a: '\u009b\u007f' })))).toEqual({ a: '\u009b\u007f' });
  });

  it('counts columns, not characters', () => {
    expect(widthOf('東京')).toBe(4);
    expect(padded('東京', 6)).toBe('東京  ');
    expect(cut('東京都', 5)).toBe('東京…');
    expect(cut('abc', 3)).toBe('abc');
  });

  it('wraps lines at words, indented under their label', () => {
    expect(wrapped('  why     one two three', 15)).toBe('  why     one\n          two\n          three');
    expect(wrapped('    plain words here', 14)).toBe('    plain\n    words here');
    expect(wrapped('x'.repeat(30), 10)).toBe('x'.repeat(30));
  });

  it('prints rows that do not fit as blocks', () => {
    const rows = [['1', 'destination_rejected', 'The destination refuses the item.']];
    expect(table(['id', 'reason', 'message'], rows, 30)).toBe(
      'id 1\n  reason   destination_rejected\n  message  The destination refuses the item.',
    );
    expect(table(['id', 'reason', 'message'], rows, 48)).toBe(
      'id  reason                message\n--  --------------------  ----------------------\n1   destination_rejected  The destination refus…',
    );
  });
});
