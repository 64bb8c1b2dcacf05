/** The result of a check. `skipped`: it could not run, for a reason that another check reports or outside of its scope. */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'skipped';

/** One check of `waybill doctor`. */
export interface Finding {
  /** The subject: `disk`, `secret-key`, `destination iterable`. */
  readonly check: string;
  readonly status: FindingStatus;
  readonly message: string;
  /** The remedy, for problems and warnings. */
  readonly remedy?: string;
}

/** Reports that a check passed. */
export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

/** Reports that something works, but may not for long. */
export function warning(check: string, message: string, remedy: string): Finding {
  return { check, status: 'warning', message, remedy };
}

/** Reports that something does not work. */
export function problem(check: string, message: string, remedy: string): Finding {
  return { check, status: 'problem', message, remedy };
}

/** Reports that something was not checked. */
export function skipped(check: string, message: string, remedy?: string): Finding {
  return { check, status: 'skipped', message, ...(remedy === undefined ? {} : { remedy }) };
}
