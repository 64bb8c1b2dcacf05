import type { ErrorCode, Issue } from '@waybill/core';

/** Returns the message of a thrown value. */
export function messageOf(error: unknown): string {
  try {
    return (error instanceof Error ? String(error.message) : String(error)).slice(0, 4_096);
  } catch {
    return 'The code threw something that cannot be read.';
  }
}

/** The code cannot be called now, or did not answer. */
export class ContainmentError extends Error {
  readonly code: 'destination_process_failed' | 'destination_process_down' | 'destination_timeout';
  /** Milliseconds until a retry is useful. */
  readonly afterMs: number | undefined;
  constructor(code: ContainmentError['code'], message: string, afterMs?: number) {
    super(message);
    this.name = 'ContainmentError';
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** The module itself cannot be used: the code of the registry, and the message of the loader. */
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
