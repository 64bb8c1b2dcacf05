import type { ErrorEntry } from './entry.ts';

/** Codes of the server: its folder, stores, modules, tokens and requests. */
export const SERVER_ERRORS = {
  // --- folder: where the server keeps its data ---
  folder_in_use: {
    status: 409,
    retryable: false,
    message: 'Another server uses the data folder.',
    remedy: 'Stop the other server, or use a separate folder for each.',
  },
  folder_not_writable: {
    status: 500,
    retryable: false,
    message: 'The data folder cannot be written.',
    remedy: 'Make the folder writable for the user of the server, or choose another one.',
  },
  folder_not_empty: {
    status: 409,
    retryable: false,
    message: 'The folder already contains files.',
    remedy: 'Name a folder that is empty or does not exist.',
  },
  folder_damaged: {
    status: 500,
    retryable: false,
    message: 'A database of the data folder is damaged.',
    remedy: 'Restore a back-up with `waybill restore`.',
  },
  secret_key_missing: {
    status: 500,
    retryable: false,
    message: 'The key that encrypts the secrets of the workspace is missing.',
    remedy: 'Restore the file `secret-key`, or set WAYBILL_SECRET_KEY to its content.',
  },
  secret_key_wrong: {
    status: 500,
    retryable: false,
    message: 'The secrets of the workspace are encrypted with another key.',
    remedy:
      'Restore the file `secret-key` that belongs to the workspace, or set WAYBILL_SECRET_KEY to its content.',
  },
  backup_damaged: {
    status: 422,
    retryable: false,
    message: 'The back-up is not complete, or was changed.',
    remedy: 'Use another back-up.',
  },

  // --- store: where events and their outcomes are kept ---
  store_in_use: {
    status: 409,
    retryable: false,
    message: 'A server uses the store.',
    remedy: 'Stop the server; if it was killed, wait a minute. Then run the command again.',
  },
  store_not_empty: {
    status: 409,
    retryable: false,
    message: 'The target store already contains data.',
    remedy: 'Name another folder, or another schema with `?schema=`; or remove the existing data.',
  },
  store_copy_failed: {
    status: 500,
    retryable: true,
    message: 'The stores could not be copied.',
    remedy:
      'Fix the problem that the message names and run the same command again: it continues where it stopped.',
  },
  store_copy_differs: {
    status: 500,
    retryable: false,
    message: 'The copy differs from the original.',
    remedy: 'Remove the copy, make sure that nobody uses either store, and copy again.',
  },

  // --- delivery: whether anything is sent ---
  delivery_not_held: {
    status: 409,
    retryable: false,
    message: 'Delivery is not paused.',
    remedy: 'Nothing to do: events are delivered.',
  },

  // --- module: destinations that are loaded ---
  module_failed: {
    status: 500,
    retryable: false,
    message: 'A module with destinations cannot be loaded, or exports none.',
    remedy:
      'The message names the cause: the file and line, the missing export, or the slug that is used twice.',
  },
  workspace_secret_needed: {
    status: 409,
    retryable: false,
    message: 'A stored secret cannot be used with a changed type or address.',
    remedy: 'Send the secret itself in place of `{ "$secret": true }`.',
  },
  workspace_variable_forbidden: {
    status: 403,
    retryable: false,
    message: 'The workspace refers to an environment variable that it may not use.',
    remedy:
      'Add the variable to WAYBILL_ENV_ALLOW of the server, or use it in the workspace file that the server is started with.',
  },

  // --- token: permissions ---
  token_name_taken: {
    status: 409,
    retryable: false,
    message: 'There is already a token of this name.',
    remedy: 'Choose another name, or replace the existing token.',
  },
  token_limit: {
    status: 409,
    retryable: false,
    message: 'The maximum number of tokens exists.',
    remedy: 'Remove tokens that are no longer used.',
  },
  token_fixed: {
    status: 409,
    retryable: false,
    message: 'The admin token cannot be changed here.',
    remedy: 'Change WAYBILL_ADMIN_TOKEN, and restart the server.',
  },

  // --- source: its write key ---
  source_key_fixed: {
    status: 409,
    retryable: false,
    message: 'The write key is read from an environment variable, so it is neither shown nor changed here.',
    remedy: 'Change the variable and restart the server, or give the source a key in the workspace.',
  },

  // --- request: HTTP requests ---
  request_unauthorized: {
    status: 401,
    retryable: false,
    message: 'The write key or token is missing or unknown.',
    remedy:
      'Send the write key as the user name of basic authentication, or a token of the admin API as a bearer token; the file admin-token in the data folder contains the first one.',
  },
  request_forbidden: {
    status: 403,
    retryable: false,
    message: 'The token may not do this.',
    remedy: 'Use a token with the role that the message names; an admin can create one.',
  },
  request_forged: {
    status: 403,
    retryable: false,
    message: 'The request may come from a page of another site.',
    remedy:
      'Send the csrf of the session as x-csrf-token; a script uses a bearer token instead of the cookie.',
  },
  request_not_found: {
    status: 404,
    retryable: false,
    message: 'There is nothing at this address.',
    remedy: 'Check the path and the ID.',
  },
  request_wrong_host: {
    status: 421,
    retryable: false,
    message: 'The console is not served under this name.',
    remedy:
      'Open it by IP address or as localhost, or set WAYBILL_PUBLIC_URL to the address under which people reach this server.',
  },
  request_invalid: {
    status: 400,
    retryable: false,
    message: 'The request has an invalid parameter.',
    remedy: 'Correct the parameter that the message names.',
  },
  request_throttled: {
    status: 429,
    retryable: true,
    message: 'Too many wrong write keys or tokens were sent from this address.',
    remedy: 'Correct the key, and send again after the time that Retry-After names.',
  },
  request_too_slow: {
    status: 408,
    retryable: true,
    message: 'The body of the request arrives too slowly.',
    remedy: 'Send the request again, over a better connection or with fewer events.',
  },
  server_overloaded: {
    status: 429,
    retryable: true,
    message: 'The server cannot accept more events at the moment.',
    remedy: 'Send the events again after the time that Retry-After names.',
  },
  server_storage_failed: {
    status: 503,
    retryable: true,
    message: 'The event could not be stored; it was not accepted.',
    remedy: 'Send the event again; check the disk of the server.',
  },
  server_role_missing: {
    status: 503,
    retryable: true,
    message: 'This process accepts no events: its WAYBILL_ROLES leave out "intake".',
    remedy: 'Send events to a process that has the role "intake".',
  },
  server_port_in_use: {
    status: 500,
    retryable: false,
    message: 'The port is in use.',
    remedy: 'Stop the server that listens there, or choose another port with `--port` or WAYBILL_PORT.',
  },
  server_unreachable: {
    status: 503,
    retryable: true,
    message: 'No Waybill server answers at the address.',
    remedy: 'Start the server, or correct the address.',
  },
  server_unreadable_answer: {
    status: 502,
    retryable: false,
    message: 'The server at the address is not a Waybill server.',
    remedy: 'Correct the address.',
  },
  server_error: {
    status: 500,
    retryable: true,
    message: 'The server failed unexpectedly.',
    remedy: 'Send the request again; the log of the server has the details.',
  },
} as const satisfies Record<string, ErrorEntry>;
