import { existsSync, readFileSync } from 'node:fs';
import { compileTrackingPlan, ERRORS, type Issue, normaliseEvent, type TrackingPlan } from '@waybill/core';
import type { Report } from '../validate/check.ts';
import type { Collection } from '../validate/documents.ts';
import type { Problem } from '../validate/problem.ts';
import { PathError } from './collect.ts';

/** The maximum number of problems per file. */
const MOST = 1_000;

/** Adds the violations of events in a file against the collected plan to the report. */
export function withEvents(report: Report, { documents }: Collection, path: string): Report {
  const plan = documents.find(({ kind }) => kind === 'plan')?.value as TrackingPlan | undefined;
  if (plan === undefined)
    throw new PathError('Events are checked against a plan: name its file with --plan.');
  if (!existsSync(path)) throw new PathError(`There is no file at ${path}.`);
  // A plan with faults is reported; events cannot be checked against it.
  if (report.problems.some(({ severity }) => severity === 'error')) return report;
  const judge = compileTrackingPlan(plan);
  const problems: Problem[] = [];
  for (const { value, place, line } of eventsOf(readFileSync(path, 'utf8'), path)) {
    const made = normaliseEvent(value, { receivedAt: 0, newMessageId: () => '' });
    const issues: readonly Issue[] = made.ok ? (judge(made.value)?.violations ?? []) : made.issues;
    for (const { code, path: inside, message } of issues) {
      const at = [place, inside].filter(Boolean).join('.');
      const { remedy } = ERRORS[code];
      problems.push({
        code,
        severity: 'error',
        file: path,
        isFile: true,
        path: at,
        ...line,
        message,
        remedy,
      });
    }
    if (problems.length >= MOST) break;
  }
  return { ...report, problems: [...report.problems, ...problems.slice(0, MOST)] };
}

interface Read {
  readonly value: unknown;
  /** The index in a list. */
  readonly place: string;
  readonly line: { readonly line?: number };
}

function* eventsOf(text: string, path: string): Iterable<Read> {
  if (text.trimStart().startsWith('[')) {
    const list = parsed(text, path) as readonly unknown[];
    for (const [index, value] of list.entries()) yield { value, place: `[${index}]`, line: {} };
    return;
  }
  for (const [index, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    const line = index + 1;
    yield { value: parsed(row, `${path}, line ${line}`), place: '', line: { line } };
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PathError(`${where} is not valid JSON: ${(error as Error).message}`);
  }
}
