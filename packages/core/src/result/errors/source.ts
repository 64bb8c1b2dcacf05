import type { ErrorEntry } from './entry.ts';

/** Codes of sources, processors and reviews. */
export const SOURCE_ERRORS = {
  // --- sources and processors ---
  source_failed: {
    status: 502,
    retryable: true,
    message: 'The source could not be read.',
    remedy: 'Nothing to do, unless it persists: then report the message to the author of the source.',
  },
  source_unauthorized: {
    status: 401,
    retryable: false,
    message: 'The source refuses the credentials.',
    remedy: 'Check the keys in the settings of the source; create new ones if they were revoked.',
  },
  source_forbidden: {
    status: 403,
    retryable: false,
    message: 'The credentials of the source do not allow this call.',
    remedy: 'Give the key the permission that the message names; the page of the source lists all of them.',
  },
  source_not_found: {
    status: 404,
    retryable: false,
    message: 'The address or the store named does not exist at the source.',
    remedy: 'Check the address and the name of the store in the settings of the source.',
  },
  source_rejected: {
    status: 422,
    retryable: false,
    message: 'The source refuses the call.',
    remedy: 'Report the message to the author of the source.',
  },
  source_rate_limited: {
    status: 429,
    retryable: true,
    message: 'The source limits the rate of calls.',
    remedy: 'Nothing to do: reading continues later.',
  },
  source_unavailable: {
    status: 503,
    retryable: true,
    message: 'The source returned a server error.',
    remedy: 'Nothing to do, unless it persists: then check the shop itself.',
  },
  source_unreadable_answer: {
    status: 502,
    retryable: true,
    message: 'The response of the source is not in the expected format.',
    remedy: 'Nothing to do, unless it persists: then check the address in the settings of the source.',
  },
  source_signature_invalid: {
    status: 401,
    retryable: false,
    message: 'The request to the webhook is not signed by the source, or is too old.',
    remedy: 'Check the secret of the webhook in the settings of the source, and the clock of the server.',
  },
  audience_engine_missing: {
    status: 501,
    retryable: true,
    message: 'Audience sources need DuckDB, which is not installed.',
    remedy: 'Install the package that the message names where Waybill is installed, and restart the server.',
  },
  audience_file_forbidden: {
    status: 403,
    retryable: true,
    message: 'Sources may not read this file.',
    remedy: 'Put the file below a folder of WAYBILL_AUDIENCE_FILES.',
  },
  audience_file_invalid: {
    status: 422,
    retryable: true,
    message: 'The file cannot be read.',
    remedy: 'Check the path, the name and the permissions of the file.',
  },
  audience_file_changed: {
    status: 409,
    retryable: true,
    message: 'The file was written while it was read.',
    remedy: 'Nothing to do: it is read again. Write new files under another name, then rename them.',
  },
  audience_url_invalid: {
    status: 422,
    retryable: true,
    message: 'The URL is not that of a PostgreSQL database.',
    remedy: 'Write the URL as the message shows; encode special characters of the password with %.',
  },
  audience_database_forbidden: {
    status: 403,
    retryable: true,
    message: 'Sources may not connect to the host of the database.',
    remedy: 'If this is intended, allow the host on the server: WAYBILL_ALLOWED_HOSTS=<host>:<port>.',
  },
  audience_database_unreachable: {
    status: 502,
    retryable: true,
    message: 'The database accepts no connection.',
    remedy: 'Check host, port, role, password and `sslmode` of the URL, and that the database is running.',
  },
  audience_column_missing: {
    status: 422,
    retryable: true,
    message: 'The rows lack a column that the settings name.',
    remedy: 'Correct the name in the settings, or add the column to the query.',
  },
  audience_query_invalid: {
    status: 422,
    retryable: true,
    message: 'The query is not allowed.',
    remedy: 'Write one SELECT: over the table `rows` of a file, or over the tables of the database.',
  },
  audience_query_failed: {
    status: 422,
    retryable: true,
    message: 'The rows cannot be read.',
    remedy: 'Read the message of the database; correct the query or the file.',
  },
  audience_key_invalid: {
    status: 422,
    retryable: true,
    message: 'The key column is empty or not unique.',
    remedy: 'Name a column whose values are unique.',
  },
  audience_run_gone: {
    status: 409,
    retryable: false,
    message: 'This run no longer waits for confirmation.',
    remedy: 'Check the status of the source, and confirm the run that is waiting now.',
  },
  audience_limit_reached: {
    status: 507,
    retryable: true,
    message: 'The comparison exceeded a limit of memory, time or space in the store.',
    remedy: 'Raise the limit in the settings of the source, or select fewer rows.',
  },
  processor_failed: {
    status: 500,
    retryable: false,
    message: 'The processor failed on an event or a timer, which was skipped.',
    remedy: 'Report the message to the author of the processor.',
  },

  // --- reviews that come by a signed link ---
  review_link_invalid: {
    status: 401,
    retryable: false,
    message:
      'The link was not created by this server, was changed, or belongs to a person who is no longer known.',
    remedy: 'Send the token unchanged from the link in the message to the customer.',
  },
  review_link_expired: {
    status: 410,
    retryable: false,
    message: 'The link has expired.',
    remedy: 'Request the review again, or raise `linkDays` of the processor for future links.',
  },
  review_link_used: {
    status: 409,
    retryable: false,
    message: 'The product was already reviewed with this link.',
    remedy: 'Nothing to do: the first review counts.',
  },
  review_invalid: {
    status: 400,
    retryable: false,
    message: 'The review does not have the required shape.',
    remedy: 'Send a `rating` from 1 to 5, and `title` and `body` as strings if there are any.',
  },
} as const satisfies Record<string, ErrorEntry>;
