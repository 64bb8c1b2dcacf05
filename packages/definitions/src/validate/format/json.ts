import type { Report } from '../check.ts';

/** Formats problems for programs. */
export function jsonReport(report: Report, ok: boolean): string {
  const problems = report.problems.map(({ isFile: _isFile, ...problem }) => problem);
  return JSON.stringify({ ok, checked: report.checked, problems }, null, 2);
}
