import { ERRORS, type ErrorCode } from './errors.ts';

/** The outcome of one item. There is no other; an unknown answer is never success. */
export type Outcome = Delivered | Skipped | Rejected | Retry;

/** The destination has the item. */
export interface Delivered {
  readonly status: 'delivered';
  /** A remark about a successful delivery, for example "sent by user ID, the e-mail is malformed". */
  readonly note?: string;
  readonly exchanges?: readonly number[];
}

/** The item was not meant for the destination; this is not an error. */
export interface Skipped {
  readonly status: 'skipped';
  readonly code: ErrorCode;
  readonly message: string;
}

/** The item cannot be delivered as it is; it becomes a dead letter. */
export interface Rejected {
  readonly status: 'rejected';
  readonly code: ErrorCode;
  readonly message: string;
  /** JSON path of the invalid field in the payload, if known: `items[1].quantity`. */
  readonly field?: string;
  /** Indexes of the exchanges of the call that belong to this item; all of them when absent. */
  readonly exchanges?: readonly number[];
}

/** The item may be delivered later. */
export interface Retry {
  readonly status: 'retry';
  readonly code: ErrorCode;
  readonly message: string;
  /** The delay that the destination asks for, in milliseconds. */
  readonly afterMs?: number;
  readonly exchanges?: readonly number[];
}

/** Creates the outcome of an item that the destination accepted. */
export function delivered(note?: string): Delivered {
  return note === undefined ? { status: 'delivered' } : { status: 'delivered', note };
}

/** Creates the outcome of an item that is not meant for the destination. */
export function skipped(code: ErrorCode, message: string = ERRORS[code].message): Skipped {
  return { status: 'skipped', code, message };
}

/** Creates the outcome of an item that cannot be delivered as it is. `field` is its JSON path in the payload. */
export function rejected(code: ErrorCode, message: string = ERRORS[code].message, field?: string): Rejected {
  return field === undefined
    ? { status: 'rejected', code, message }
    : { status: 'rejected', code, message, field };
}

/** Creates the outcome of an item that may be delivered later; `afterMs` is the delay that the destination asks for. */
export function retry(code: ErrorCode, message: string = ERRORS[code].message, afterMs?: number): Retry {
  return afterMs === undefined
    ? { status: 'retry', code, message }
    : { status: 'retry', code, message, afterMs };
}

/** Creates the outcome of an item that was not accepted: retried or rejected, by the registry's entry of the code. */
export function failed(
  code: ErrorCode,
  message: string,
  { afterMs, field }: { readonly afterMs?: number | undefined; readonly field?: string | undefined } = {},
): Rejected | Retry {
  return ERRORS[code].retryable ? retry(code, message, afterMs) : rejected(code, message, field);
}
