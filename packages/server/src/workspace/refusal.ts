import type { Issue } from '@waybill/core';
import {
  at,
  type DuplicateKey,
  duplicateKeys,
  formatPlace,
  type JsonFault,
  jsonSource,
  parsePlace,
  positionOf,
  type Source,
} from '@waybill/definitions/text';
import { Failure } from '../failure.ts';

/** An issue with its line and column in the source. */
type LocatedIssue = Issue & { readonly line?: number; readonly column?: number };

/** Creates the failure for problems of a workspace. */
export function refusal(issues: readonly LocatedIssue[]): Failure {
  const lines = issues.map(({ line, column, path, message }) =>
    [line === undefined ? '' : `line ${line}, column ${column}`, path, message].filter(Boolean).join(': '),
  );
  return new Failure(issues[0]?.code ?? 'workspace_invalid', lines.join('\n'), issues);
}

/** The content of a workspace file. */
export interface DeclaredText {
  readonly value: unknown;
  /** The same failure, with the line and column of each problem. */
  located(failure: unknown): unknown;
}

/** Parses a workspace file; throws a Failure with the position of invalid JSON. */
export function readDeclared(text: string): DeclaredText {
  const { source, value, faults } = jsonSource('workspace', text);
  const written = [...faults, ...duplicateKeys(source)].map((one) => asIssue(one, source));
  if (written.length > 0) throw refusal(written);
  return {
    value,
    located: (error) =>
      error instanceof Failure && error.issues.length > 0 ? refusal(located(error.issues, source)) : error,
  };
}

function asIssue(one: JsonFault | DuplicateKey, source: Source): LocatedIssue {
  const path = 'place' in one ? formatPlace(one.place) : '';
  const offset = 'at' in one ? one.at : one.offset;
  return { code: 'workspace_invalid', path, message: one.message, ...at(source, offset) };
}

function located(issues: readonly Issue[], source: Source): readonly LocatedIssue[] {
  return issues.map((issue) => {
    const key = issue.code === 'mapping_unknown_field';
    return { ...issue, ...positionOf(source, parsePlace(issue.path), { key, offset: issue.offset }) };
  });
}
