import type { Issue } from '../result/issue.ts';

/** A mapping that cannot be compiled, with all its problems. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  readonly problems: readonly Issue[];

  constructor(problems: readonly Issue[]) {
    super(summary(problems));
    this.problems = problems;
  }
}

/** A directive that could not be evaluated for one event; the pipeline rejects that item and no other. */
export class MappingEvaluationError extends Error {
  override readonly name = 'MappingEvaluationError';
  readonly code: 'mapping_failed' | 'payload_too_large';
  /** JSON path of the directive in the mapping; empty when the event as a whole is the cause. */
  readonly path: string;

  constructor(path: string, message: string, code: MappingEvaluationError['code'] = 'mapping_failed') {
    super(message);
    this.path = path;
    this.code = code;
  }
}

function summary(problems: readonly Issue[]): string {
  const first = problems[0];
  if (first === undefined) return 'The mapping is not valid.';
  const where = first.path === '' ? '' : `${first.path}: `;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${where}${first.message}${more}`;
}
