import { betweenMarks, markdownTable } from './table.ts';
import { CHANGES } from '../diff/change.ts';

/** Returns `docs/diff.md` with the table of all kinds of change. */
export function withChangeTable(page: string): string {
  const order = ['breaking', 'risky', 'safe'];
  const rows = Object.entries(CHANGES)
    .sort(([, a], [, b]) => order.indexOf(a.level) - order.indexOf(b.level))
    .map(([code, { level, summary }]) => [level, `\`${code}\``, summary]);
  return betweenMarks(page, markdownTable(['level', 'change', 'why'], rows));
}
