/** How bad a problem is. */
export type Severity = 'error' | 'warning';

/** One thing that is wrong, with its place. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  /** The file, or the name of what has none. */
  readonly file: string;
  /** Whether `file` is a file. */
  readonly isFile: boolean;
  /** JSON path of the place; empty for the whole. */
  readonly path: string;
  /** Known when the source is JSON or a page. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly remedy: string;
}
