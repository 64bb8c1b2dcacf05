/** The severity of a problem. */
export type Severity = 'error' | 'warning';

/** A problem with its place. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  /** The file, or another name where there is no file. */
  readonly file: string;
  /** Whether `file` is a file. */
  readonly isFile: boolean;
  /** JSON path of the place; empty for the whole. */
  readonly path: string;
  /** Present when the source is JSON or a page. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly remedy: string;
}
