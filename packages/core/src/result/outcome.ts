import { ERRORS, type ErrorCode } from './errors.ts';

/** What became of one item. Nothing else exists; an unknown answer is never success. */
export type Outcome = Delivered | Skipped | Rejected | Retry;

/** The destination has the item. */
export interface Delivered {
  readonly status: 'delivered';
  /** Something worth telling about a delivery that worked, for example "sent by user ID, the e-mail is malformed". */
  readonly note?: string;
  readonly exchanges?: readonly number[];
}

/** The item was not for the destination; nothing is wrong. */
export interface Skipped {
  readonly status: 'skipped';
  readonly code: ErrorCode;
  readonly message: string;
}

/** The item cannot be delivered as it is; it is kept as a dead letter. */
export interface Rejected {
  readonly status: 'rejected';
  readonly code: ErrorCode;
  readonly message: string;
  /** JSON path of the guilty field in the payload, when one is known: `items[1].quantity`. */
  readonly field?: string;
  /** Indexes into the exchanges of the call that belong to this item; all of them when absent. */
  readonly exchanges?: readonly number[];
}

/** The item may be delivered later. */
export interface Retry {
  readonly status: 'retry';
  readonly code: ErrorCode;
  readonly message: string;
  /** The destination's own wish for how long to wait, in milliseconds. */
  readonly afterMs?: number;
  readonly exchanges?: readonly number[];
}

/** An item that the destination has. */
export function delivered(note?: string): Delivered {
  return note === undefined ? { status: 'delivered' } : { status: 'delivered', note };
}

/** An item that is not for the destination. */
export function skipped(code: ErrorCode, message: string = ERRORS[code].message): Skipped {
  return { status: 'skipped', code, message };
}

/** An item that cannot be delivered as it is. `field` is its JSON path in the payload. */
export function rejected(code: ErrorCode, message: string = ERRORS[code].message, field?: string): Rejected {
  return field === undefined
    ? { status: 'rejected', code, message }
    : { status: 'rejected', code, message, field };
}

/** An item that may be delivered later; `afterMs` is the destination's own wish. */
export function retry(code: ErrorCode, message: string = ERRORS[code].message, afterMs?: number): Retry {
  return afterMs === undefined
    ? { status: 'retry', code, message }
    : { status: 'retry', code, message, afterMs };
}

/** An item that was not taken: to be sent again or not, as the registry says of the code. */
export function failed(
  code: ErrorCode,
  message: string,
  { afterMs, field }: { readonly afterMs?: number | undefined; readonly field?: string | undefined } = {},
): Rejected | Retry {
  return ERRORS[code].retryable ? retry(code, message, afterMs) : rejected(code, message, field);
}
