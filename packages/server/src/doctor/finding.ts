/** What a check came to. `skipped`: it could not be made, for a reason that another check names or that is none of its own. */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'skipped';

/** One check of `waybill doctor`. */
export interface Finding {
  /** What was checked: `disk`, `secret-key`, `destination iterable`. */
  readonly check: string;
  readonly status: FindingStatus;
  readonly message: string;
  /** What to do; of whatever is not well. */
  readonly remedy?: string;
}

/** That something is as it should be. */
export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

/** That something works, and may not for long. */
export function warning(check: string, message: string, remedy: string): Finding {
  return { check, status: 'warning', message, remedy };
}

/** That something does not work. */
export function problem(check: string, message: string, remedy: string): Finding {
  return { check, status: 'problem', message, remedy };
}

/** Reports that something was not checked. */
export function skipped(check: string, message: string, remedy?: string): Finding {
  return { check, status: 'skipped', message, ...(remedy === undefined ? {} : { remedy }) };
}
