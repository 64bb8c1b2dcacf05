import type { ErrorCode } from './errors.ts';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'destination_unauthorized',
  403: 'destination_forbidden',
  404: 'destination_not_found',
  408: 'destination_timeout',
  413: 'destination_too_large',
  423: 'destination_unavailable',
  429: 'destination_rate_limited',
  // A retry does not help when something is not implemented.
  501: 'destination_rejected',
};

/** Returns the code of a status that is not success, for services without special meanings of statuses. */
export function codeOfStatus(status: number): ErrorCode {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'destination_unavailable';
  // A redirect or worse: the address belongs to something else.
  return status < 400 ? 'destination_unreadable_answer' : 'destination_rejected';
}
