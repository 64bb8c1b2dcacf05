import type { ErrorCode } from './errors.ts';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'destination_unauthorized',
  403: 'destination_forbidden',
  404: 'destination_not_found',
  408: 'destination_timeout',
  413: 'destination_too_large',
  423: 'destination_unavailable',
  429: 'destination_rate_limited',
  // What is not implemented is not so a moment later either.
  501: 'destination_rejected',
};

/** The code of a status that is no success, for services that give their statuses no other meaning. */
export function codeOfStatus(status: number): ErrorCode {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'destination_unavailable';
  // A redirect or worse: something other than the service stands at the address.
  return status < 400 ? 'destination_unreadable_answer' : 'destination_rejected';
}
