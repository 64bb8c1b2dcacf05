import type { ErrorCode, Issue } from '@waybill/core';

/** What code has thrown, as text. */
export function messageOf(error: unknown): string {
  try {
    return (error instanceof Error ? String(error.message) : String(error)).slice(0, 4_096);
  } catch {
    return 'The code threw something that cannot be read.';
  }
}

/** The code cannot be asked now, or did not answer. */
export class ContainmentError extends Error {
  readonly code: 'destination_process_failed' | 'destination_process_down' | 'destination_timeout';
  /** Milliseconds until it is worth asking again. */
  readonly afterMs: number | undefined;
  constructor(code: ContainmentError['code'], message: string, afterMs?: number) {
    super(message);
    this.name = 'ContainmentError';
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** The module itself cannot be used: the code of the registry, and the words of whoever loaded it. */
export class UnusableModule extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  constructor(code: ErrorCode, message: string, issues: readonly Issue[]) {
    super(message);
    this.name = 'UnusableModule';
    this.code = code;
    this.issues = issues;
  }
}
