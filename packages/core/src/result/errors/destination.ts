import type { ErrorEntry } from './entry.ts';

/** Codes of items that are not sent, and of the answers of destinations. */
export const DESTINATION_ERRORS = {
  // --- routing: why an event was not sent ---
  no_matching_mapping: {
    status: 200,
    retryable: false,
    message: 'No enabled mapping of the destination matches this event.',
    remedy: 'Add or enable a mapping whose trigger matches the event, if it should be sent.',
  },
  filtered_by_integrations: {
    status: 200,
    retryable: false,
    message: 'The event itself excludes this destination in its `integrations` object.',
    remedy: 'Remove the destination from `integrations`, if the event should be sent there.',
  },
  mapping_removed: {
    status: 200,
    retryable: false,
    message: 'The mapping was removed or disabled before the item could be sent.',
    remedy: 'Enable the mapping and replay the event, if it should be sent.',
  },
  destination_removed: {
    status: 200,
    retryable: false,
    message: 'The destination was removed before the item could be sent.',
    remedy: 'Replay the period, if a destination that was added again should get it.',
  },
  trigger_no_longer_matches: {
    status: 200,
    retryable: false,
    message: 'The mapping was edited and its trigger no longer matches the event.',
    remedy: 'Edit the trigger and replay the event, if it should be sent.',
  },
  unchanged: {
    status: 200,
    retryable: false,
    message: 'Everything the item would send was delivered before.',
    remedy: 'Nothing to do; to send it again, resend everything on the page of the destination.',
  },

  // --- oauth: connecting an account ---
  oauth_not_offered: {
    status: 400,
    retryable: false,
    message: 'The destination is not connected by OAuth.',
    remedy: 'Enter its credentials in its settings.',
  },
  oauth_not_set_up: {
    status: 400,
    retryable: false,
    message: 'Settings that connecting the account requires are missing.',
    remedy: 'Enter the settings that the message names, save, and connect again.',
  },
  oauth_redirect_forbidden: {
    status: 400,
    retryable: false,
    message: 'This redirect URL is not allowed.',
    remedy:
      'Use the console at the address of the server (WAYBILL_PUBLIC_URL), or `waybill connect`, which listens on this machine.',
  },
  oauth_state_invalid: {
    status: 400,
    retryable: false,
    message: 'The connection was started by another session or token: the state does not match.',
    remedy: 'Connect again, and complete it in the same browser while you are signed in.',
  },
  oauth_state_expired: {
    status: 400,
    retryable: false,
    message: 'Access was not allowed in time.',
    remedy: 'Connect again, and allow access within ten minutes.',
  },
  oauth_denied: {
    status: 400,
    retryable: false,
    message: 'The OAuth server denied access.',
    remedy:
      'Connect again and allow access. If the message names the application or the scopes, correct them in the settings of the destination.',
  },
  oauth_token_refused: {
    status: 400,
    retryable: false,
    message: 'The token endpoint returned no tokens.',
    remedy:
      'Check the client ID, the client secret and the registered redirect URL of the application, then connect again.',
  },

  // --- destination: the answer ---
  destination_unauthorized: {
    status: 401,
    retryable: false,
    message: 'The destination refuses the credentials.',
    remedy: 'Check the key in the settings of the destination, and its permissions, then replay.',
  },
  destination_forbidden: {
    status: 403,
    retryable: false,
    message: 'The credentials do not allow this call.',
    remedy: 'Use a key with permission for this call, then replay.',
  },
  destination_rejected: {
    status: 422,
    retryable: false,
    message: 'The destination refuses the item.',
    remedy: 'Read the response of the destination, correct the mapping or the data, then replay.',
  },
  destination_invalid_identifier: {
    status: 422,
    retryable: false,
    message: 'The destination refuses the identifier as malformed.',
    remedy: 'Correct the identifier at its source, then replay.',
  },
  destination_user_not_found: {
    status: 404,
    retryable: false,
    message: 'The destination does not know the user.',
    remedy:
      'Create the user first (send identify with the identifier that the project type needs), then replay.',
  },
  destination_user_forgotten: {
    status: 422,
    retryable: false,
    message: 'The user was forgotten; the destination stores nothing about them.',
    remedy: 'Nothing to do, unless the user wants to be stored again.',
  },
  destination_identity_conflict: {
    status: 409,
    retryable: false,
    message: 'The identifiers belong to two different profiles.',
    remedy: 'Merge the two profiles at the destination, or send only one identifier, then replay.',
  },
  destination_field_type_conflict: {
    status: 422,
    retryable: false,
    message: 'A field has a type other than the one that the destination stored for it.',
    remedy: 'Send the type the message names, or use another field name, then replay.',
  },
  destination_field_limit: {
    status: 422,
    retryable: false,
    message: 'The destination accepts no further new fields.',
    remedy: 'Send fewer distinct fields, or ask the destination to raise the limit, then replay.',
  },
  destination_event_disallowed: {
    status: 422,
    retryable: false,
    message: 'The destination is configured to refuse events of this name.',
    remedy: 'Allow the event name at the destination, or narrow the trigger, then replay.',
  },
  destination_too_large: {
    status: 413,
    retryable: false,
    message: 'The item alone is larger than the destination accepts.',
    remedy: 'Map fewer fields, then replay.',
  },
  destination_not_found: {
    status: 404,
    retryable: false,
    message: 'The address or the object that the call names does not exist at the destination.',
    remedy: 'Check the settings of the destination (data center, list, catalog), then replay.',
  },
  destination_audience_gone: {
    status: 404,
    retryable: false,
    message: 'The destination does not find the audience of the stored ID.',
    remedy:
      'Forget the ID, so that the audience is created again, or set the right one (`waybill audience forget`, `waybill audience set`, or the page of the destination); then replay.',
  },
  destination_rate_limited: {
    status: 429,
    retryable: true,
    message: 'The destination limits the rate of calls.',
    remedy: 'Nothing to do: the item is sent again later.',
  },
  destination_unavailable: {
    status: 503,
    retryable: true,
    message: 'The destination returned a server error.',
    remedy: 'Nothing to do: the item is sent again later.',
  },
  destination_timeout: {
    status: 504,
    retryable: true,
    message: 'The destination did not respond in time.',
    remedy: 'Nothing to do: the item is sent again later.',
  },
  destination_unreachable: {
    status: 502,
    retryable: true,
    message: 'The connection to the destination failed.',
    remedy: 'Nothing to do, unless it persists: then check the address in the settings and the network.',
  },
  destination_address_forbidden: {
    status: 403,
    retryable: false,
    message: 'The address of the destination is an internal one.',
    remedy: 'Use a public address, or allow this host in the configuration of the server.',
  },
  destination_unreadable_answer: {
    status: 502,
    retryable: true,
    message: 'The response of the destination is not in the expected format.',
    remedy: 'Nothing to do, unless it persists: then check the address in the settings.',
  },
  destination_result_unknown: {
    status: 502,
    retryable: true,
    message: 'The destination did not report a result for this item.',
    remedy: 'Nothing to do: the item is sent again automatically.',
  },
  action_outcome_invalid: {
    status: 500,
    retryable: false,
    message: 'The action returned an invalid outcome.',
    remedy:
      'Report the message to the author of the destination. It is unknown whether the item has arrived: check, then replay it.',
  },
  action_value_invalid: {
    status: 500,
    retryable: false,
    message: 'A function of the destination returned a value of the wrong type.',
    remedy: 'Report the message to the author of the destination; replay once it is fixed.',
  },
  destination_process_failed: {
    status: 502,
    retryable: true,
    message: "The process of the destination's code ended while it was sending the item.",
    remedy:
      'Report the message to the author of the destination; the item is sent again automatically, up to 20 times.',
  },
  destination_process_down: {
    status: 503,
    retryable: true,
    message: "The process of the destination's code is not running.",
    remedy: 'Nothing to do, unless it persists: then report the message to the author of the destination.',
  },
  destination_bug: {
    status: 500,
    retryable: true,
    message: 'The code of the action failed.',
    remedy: 'Report the message to the author of the destination.',
  },
  retries_exhausted: {
    status: 504,
    retryable: false,
    message: 'The item could not be delivered within the retry window.',
    remedy: 'See the last reason; replay once the destination works again.',
  },
} as const satisfies Record<string, ErrorEntry>;
