import type { Report } from '../check.ts';
import type { Problem } from '../problem.ts';

/** Formats problems for people: by file, with places, and a summary as the last line. */
export function validationReport(report: Report): string {
  const lines: string[] = [];
  for (const [file, problems] of Map.groupBy(report.problems, (one) => one.file)) {
    lines.push(file);
    const remedies = new Set<string>();
    for (const problem of problems) {
      lines.push(...show(problem, remedies.has(problem.remedy)));
      remedies.add(problem.remedy);
    }
    lines.push('');
  }
  lines.push(lastLine(report));
  return lines.join('\n');
}

function show(problem: Problem, knownRemedy: boolean): string[] {
  const { line, column, severity, code, path, message, remedy } = problem;
  const place = line === undefined ? '' : `${line}:${column ?? 1}`;
  const [first = '', ...rest] = message.split('\n');
  const indent = '      ';
  return [
    `  ${place.padEnd(8)}${severity.padEnd(9)}${code}${path === '' ? '' : `  at ${path}`}`,
    `${indent}${first}`,
    ...rest.map((one) => `${indent}${one}`),
    ...(knownRemedy ? [] : [`${indent}→ ${remedy}`]),
  ];
}

function lastLine({ problems, checked }: Report): string {
  const parts = [
    count(checked.destinations, 'destination'),
    count(checked.sources, 'source'),
    count(checked.actions, 'action'),
    count(checked.presets, 'preset'),
    count(checked.workspaces, 'workspace'),
    count(checked.plans, 'tracking plan'),
    count(checked.examples, 'example'),
  ].filter((part) => !part.startsWith('0 '));
  const looked = parts.length === 0 ? 'nothing' : parts.join(', ');
  const errors = problems.filter((one) => one.severity === 'error').length;
  const warnings = problems.length - errors;
  if (problems.length === 0) return `Checked ${looked}: no problems.`;
  return `Checked ${looked}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
