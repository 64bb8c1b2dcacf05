/** What the registry knows of one error code. */
export interface ErrorEntry {
  /** HTTP status an answer with this code carries. */
  readonly status: number;
  /** Whether trying again later, unchanged, can succeed. */
  readonly retryable: boolean;
  /** What happened, for a person. */
  readonly message: string;
  /** What to do about it, for a person. */
  readonly remedy: string;
}

/**
 * Every error and reason code of Waybill. A code begins with the noun it belongs to and never changes its meaning.
 * `docs/errors.md` is generated from this table.
 */
export const ERRORS = {
  // --- event: what comes in ---
  event_invalid_json: {
    status: 400,
    retryable: false,
    message: 'The request body is not valid JSON.',
    remedy: 'Send a JSON object; the message names the position where reading stopped.',
  },
  event_invalid: {
    status: 400,
    retryable: false,
    message: 'The event does not have the shape of a Segment call.',
    remedy: 'Correct the member the message names; schemas/event.json describes the shape of each call.',
  },
  event_too_large: {
    status: 400,
    retryable: false,
    message: 'The event is larger than 32 KB.',
    remedy: 'Send less in properties or traits, or split the event.',
  },
  event_batch_too_large: {
    status: 400,
    retryable: false,
    message: 'The batch is larger than 500 KB.',
    remedy: 'Send fewer events per batch.',
  },
  event_batch_too_long: {
    status: 400,
    retryable: false,
    message: 'The batch has more than 2,500 events.',
    remedy: 'Send fewer events per batch.',
  },
  event_too_deep: {
    status: 400,
    retryable: false,
    message: 'The event is nested more deeply than 64 levels.',
    remedy: 'Flatten the properties or traits.',
  },
  event_unreadable: {
    status: 500,
    retryable: false,
    message: 'The event cannot be read from the log: the disk has changed it.',
    remedy: 'Check the disk; have the sender send the event again under another messageId.',
  },
  event_expired: {
    status: 503,
    retryable: false,
    message: 'The destination was so far behind that its oldest events were given up.',
    remedy:
      'Mend the destination, or raise its backlog limit; replay the period while its events are in the log.',
  },

  // --- deletion ---
  deletion_suppressed: {
    status: 400,
    retryable: false,
    message: 'The person of the event was deleted, and events of them are refused since.',
    remedy:
      'Stop sending events of the person, or take them again: Settings, Delete a user, or POST /api/deletions/lift.',
  },
  deletion_identifier_missing: {
    status: 400,
    retryable: false,
    message: 'The destination deletes people by an identifier that the request does not name.',
    remedy: 'Make the request again with the user ID of the person.',
  },
  deletion_limit: {
    status: 400,
    retryable: false,
    message: 'The record of deletions is full.',
    remedy: 'Delete the person in each destination, and ask the maintainers for a larger record.',
  },

  // --- tracking plan ---
  tracking_plan_invalid: {
    status: 400,
    retryable: false,
    message: 'The tracking plan cannot be used.',
    remedy: 'Correct the rule at the path the message names; docs/tracking-plans.md describes plans.',
  },
  tracking_plan_unplanned_event: {
    status: 400,
    retryable: false,
    message: 'The tracking plan of the source has no such event.',
    remedy: 'Correct the name in the sender, or add a rule for the event to the plan.',
  },
  tracking_plan_unplanned_property: {
    status: 400,
    retryable: false,
    message: 'The event has a member that the tracking plan does not name.',
    remedy: 'Leave the member out in the sender, or add it to the schema of the rule.',
  },
  tracking_plan_invalid_value: {
    status: 400,
    retryable: false,
    message: 'The event has a value that the tracking plan refuses, or lacks one that it requires.',
    remedy: 'Correct the value in the sender; the message names its path and the rule.',
  },

  // --- trigger ---
  trigger_syntax: {
    status: 400,
    retryable: false,
    message: 'The trigger cannot be read.',
    remedy: 'Correct the trigger at the marked character; docs/triggers.md describes the language.',
  },
  trigger_unknown_word: {
    status: 400,
    retryable: false,
    message: 'The trigger uses a word that the language does not know.',
    remedy: 'Use one of the listed fields, functions and operators; docs/triggers.md lists them.',
  },
  trigger_too_large: {
    status: 400,
    retryable: false,
    message: 'The trigger is too long or too deeply nested.',
    remedy: 'Split the trigger into several mappings.',
  },

  // --- mapping ---
  mapping_unknown_directive: {
    status: 400,
    retryable: false,
    message: 'The mapping uses a directive that does not exist.',
    remedy: 'Use one of the directives that docs/directives.md lists.',
  },
  mapping_invalid_directive: {
    status: 400,
    retryable: false,
    message: 'A directive of the mapping has the wrong shape.',
    remedy: 'Correct the directive at the path the message names; docs/directives.md shows each shape.',
  },
  mapping_mixed_directive: {
    status: 400,
    retryable: false,
    message: 'A directive is mixed with other keys.',
    remedy: 'Keep a directive alone in its object, or remove the `@` from the key.',
  },
  mapping_invalid_shape: {
    status: 400,
    retryable: false,
    message: 'The mapping is not an object of JSON values.',
    remedy: 'A mapping is a JSON object whose keys are field names.',
  },
  mapping_too_large: {
    status: 400,
    retryable: false,
    message: 'The mapping is too large or too deeply nested.',
    remedy: 'Make the mapping smaller.',
  },
  mapping_hook_failed: {
    status: 400,
    retryable: false,
    message: 'A hook of the mapping could not do what it is for, so the mapping was not published.',
    remedy:
      'Correct what is entered for the hook, or the settings of the destination; the message says what was wrong.',
  },
  mapping_unknown_field: {
    status: 400,
    retryable: false,
    message: 'The mapping names a field that the action does not have.',
    remedy: 'Use one of the fields of the action; the message lists them.',
  },
  mapping_value_invalid: {
    status: 400,
    retryable: false,
    message: 'The mapping gives a field a constant that validation refuses.',
    remedy: 'Give a value that fits the field: its type, choices, format and bounds.',
  },
  mapping_required_missing: {
    status: 400,
    retryable: false,
    message: 'The mapping leaves a required field out, so every payload would be refused.',
    remedy: 'Map the field.',
  },
  mapping_template_unclosed: {
    status: 400,
    retryable: false,
    message: 'A template opens braces and never closes them.',
    remedy: 'Close the path with `}}`; docs/directives.md shows templates.',
  },
  mapping_failed: {
    status: 422,
    retryable: false,
    message: 'A directive of the mapping could not be evaluated for this event.',
    remedy: 'Correct the mapping for events of this shape, then replay the event.',
  },

  // --- payload: what a mapping made ---
  payload_required: {
    status: 422,
    retryable: false,
    message: 'A required field has no value.',
    remedy: 'Map the field to a property that the event has, or send that property.',
  },
  payload_wrong_type: {
    status: 422,
    retryable: false,
    message: 'A field has a value of the wrong type.',
    remedy: 'Map the field to a value of the type that the message names.',
  },
  payload_invalid_format: {
    status: 422,
    retryable: false,
    message: 'A field has a value of the wrong format.',
    remedy: 'Send a value of the format that the message names.',
  },
  payload_not_a_choice: {
    status: 422,
    retryable: false,
    message: 'A field has a value that is not one of its choices.',
    remedy: 'Use one of the choices that the message lists.',
  },
  payload_out_of_range: {
    status: 422,
    retryable: false,
    message: 'A field has a value outside its bounds.',
    remedy: 'Send a value within the bounds that the message names.',
  },
  payload_unknown_field: {
    status: 422,
    retryable: false,
    message: 'An object has a member that the action does not know.',
    remedy: 'Remove the member from the mapping.',
  },
  payload_null: {
    status: 422,
    retryable: false,
    message: 'A field that may not be null is null.',
    remedy: 'Send a value, or leave the property out.',
  },
  payload_too_large: {
    status: 422,
    retryable: false,
    message: 'The payload would have more than 1 MB.',
    remedy: 'Map fewer values, in particular fewer constants for each item of a list, then replay.',
  },

  // --- identity ---
  identity_missing: {
    status: 422,
    retryable: false,
    message: 'The payload has no identifier that this project type accepts.',
    remedy: 'Send the identifier the message names, or map it from where the event carries it.',
  },
  identity_invalid_email: {
    status: 422,
    retryable: false,
    message: 'The e-mail address is malformed, and there is no other identifier.',
    remedy: 'Send a well-formed address, or a user ID beside it.',
  },
  identity_invalid_user_id: {
    status: 422,
    retryable: false,
    message: 'The user ID is not one the destination accepts, and there is no other identifier.',
    remedy: 'Send a user ID of 1 to 52 printable ASCII characters.',
  },

  // --- routing: why an event was not sent ---
  no_matching_mapping: {
    status: 200,
    retryable: false,
    message: 'No enabled mapping of the destination is for this event.',
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
    remedy: 'Nothing to do; ask for a full re-sync to send it again.',
  },

  // --- destination: what came back ---
  destination_unauthorized: {
    status: 401,
    retryable: false,
    message: 'The destination refuses the credentials.',
    remedy: 'Check the key and its rights in the settings of the destination, then replay.',
  },
  destination_forbidden: {
    status: 403,
    retryable: false,
    message: 'The credentials do not allow this call.',
    remedy: 'Use a key with the right to make this call, then replay.',
  },
  destination_rejected: {
    status: 422,
    retryable: false,
    message: 'The destination refuses the item.',
    remedy: 'Read the answer of the destination, correct the mapping or the data, then replay.',
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
    remedy: 'Create the user first (send identify with the identifier the project type needs), then replay.',
  },
  destination_user_forgotten: {
    status: 422,
    retryable: false,
    message: 'The user asked to be forgotten; the destination keeps nothing of them.',
    remedy: 'Nothing to do, unless the user has asked to be remembered again.',
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
    message: 'A field has another type than the destination remembers for it.',
    remedy: 'Send the type the message names, or use another field name, then replay.',
  },
  destination_field_limit: {
    status: 422,
    retryable: false,
    message: 'The destination accepts no further new fields.',
    remedy: 'Send fewer distinct fields, or have the limit raised, then replay.',
  },
  destination_event_disallowed: {
    status: 422,
    retryable: false,
    message: 'The destination is set not to accept events of this name.',
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
    message: 'The address or the thing named does not exist at the destination.',
    remedy: 'Check the settings of the destination (data center, list, catalog), then replay.',
  },
  destination_rate_limited: {
    status: 429,
    retryable: true,
    message: 'The destination asks for fewer calls.',
    remedy: 'Nothing to do: the item is sent again later.',
  },
  destination_unavailable: {
    status: 503,
    retryable: true,
    message: 'The destination answers with a server error.',
    remedy: 'Nothing to do: the item is sent again later.',
  },
  destination_timeout: {
    status: 504,
    retryable: true,
    message: 'The destination did not answer in time.',
    remedy: 'Nothing to do: the item is sent again later.',
  },
  destination_unreachable: {
    status: 502,
    retryable: true,
    message: 'The connection to the destination failed.',
    remedy: 'Nothing to do, unless it lasts: then check the address in the settings and the network.',
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
    message: 'The answer of the destination cannot be understood.',
    remedy: 'Nothing to do, unless it lasts: then check the address in the settings.',
  },
  destination_result_unknown: {
    status: 502,
    retryable: true,
    message: 'The destination did not say what became of this item.',
    remedy: 'Nothing to do: the item is sent again by itself.',
  },
  action_outcome_invalid: {
    status: 500,
    retryable: false,
    message: 'The action answered with something that is no outcome.',
    remedy:
      'Report the message to the author of the destination. Whether the item has arrived is not known: look, then replay it.',
  },
  action_value_invalid: {
    status: 500,
    retryable: false,
    message: 'A function of the destination gave a value of the wrong kind.',
    remedy: 'Report the message to the author of the destination; replay when it is mended.',
  },
  destination_process_failed: {
    status: 502,
    retryable: true,
    message: "The process of the destination's code ended while it had the item.",
    remedy:
      'Report the message to the author of the destination; the item is sent again by itself, up to 20 times.',
  },
  destination_process_down: {
    status: 503,
    retryable: true,
    message: "The process of the destination's code is not running.",
    remedy: 'Nothing to do, unless it lasts: then report the message to the author of the destination.',
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

  // --- sources and processors ---
  source_failed: {
    status: 502,
    retryable: true,
    message: 'The source could not be read.',
    remedy: 'Nothing to do, unless it lasts: then report the message to the author of the source.',
  },
  source_unauthorized: {
    status: 401,
    retryable: false,
    message: 'The source refuses the credentials.',
    remedy: 'Check the keys in the settings of the source; make new ones where they were revoked.',
  },
  source_forbidden: {
    status: 403,
    retryable: false,
    message: 'The credentials of the source do not allow this call.',
    remedy: 'Give the key the right that the message names; the page of the source lists all of them.',
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
    message: 'The source asks for fewer calls.',
    remedy: 'Nothing to do: it is read on later.',
  },
  source_unavailable: {
    status: 503,
    retryable: true,
    message: 'The source answers with a server error.',
    remedy: 'Nothing to do, unless it lasts: then look at the shop itself.',
  },
  source_unreadable_answer: {
    status: 502,
    retryable: true,
    message: 'The answer of the source cannot be understood.',
    remedy: 'Nothing to do, unless it lasts: then check the address in the settings of the source.',
  },
  source_signature_invalid: {
    status: 401,
    retryable: false,
    message: 'The request to the webhook is not signed by the source, or is too old.',
    remedy: 'Check the secret of the webhook in the settings of the source, and the clock of the server.',
  },
  processor_failed: {
    status: 500,
    retryable: false,
    message: 'The processor failed at an event or a timer, and passed it over.',
    remedy: 'Report the message to the author of the processor.',
  },

  // --- reviews that come by a signed link ---
  review_link_invalid: {
    status: 401,
    retryable: false,
    message:
      'The link was not made by this server, was changed, or is of somebody who is not known any more.',
    remedy: 'Send the token of the link as it stands in the message to the customer.',
  },
  review_link_expired: {
    status: 410,
    retryable: false,
    message: 'The link has expired.',
    remedy: 'Ask for the review anew, or raise `linkDays` of the processor for links to come.',
  },
  review_link_used: {
    status: 409,
    retryable: false,
    message: 'The product was reviewed with this link already.',
    remedy: 'Nothing to do: the first review counts.',
  },
  review_invalid: {
    status: 400,
    retryable: false,
    message: 'The review does not have the shape that is asked for.',
    remedy: 'Send a `rating` from 1 to 5, and `title` and `body` as text if there are any.',
  },

  // --- workspace: what a person configures ---
  workspace_invalid: {
    status: 400,
    retryable: false,
    message: 'The workspace does not have the shape its schema asks for.',
    remedy: 'Correct the member the message names; schemas/workspace.json describes the shape.',
  },
  workspace_unknown_destination: {
    status: 400,
    retryable: false,
    message: 'There is no destination of this type.',
    remedy: 'Use one of the types that the message lists.',
  },
  workspace_unknown_action: {
    status: 400,
    retryable: false,
    message: 'The destination has no action of this name.',
    remedy: 'Use one of the actions that the message lists.',
  },
  workspace_unknown_preset: {
    status: 400,
    retryable: false,
    message: 'The destination has no preset of this name.',
    remedy: 'Use one of the presets that the message lists.',
  },
  workspace_unknown_source: {
    status: 400,
    retryable: false,
    message: 'There is no source of this id.',
    remedy: 'Use the id of a source of the workspace.',
  },
  workspace_unknown_source_type: {
    status: 400,
    retryable: false,
    message: 'There is no source of this type.',
    remedy: 'Use one of the types that the message lists, or "tracking".',
  },
  workspace_unknown_processor: {
    status: 400,
    retryable: false,
    message: 'There is no processor of this type.',
    remedy: 'Use one of the types that the message lists.',
  },
  workspace_duplicate_id: {
    status: 409,
    retryable: false,
    message: 'The id is used twice.',
    remedy: 'Give each source, destination and mapping an id of its own.',
  },
  workspace_invalid_settings: {
    status: 400,
    retryable: false,
    message: 'The settings of the destination are not valid.',
    remedy: 'Correct the setting the message names.',
  },
  workspace_mapping_limit: {
    status: 409,
    retryable: false,
    message: 'The destination has as many mappings as it may have.',
    remedy: 'Remove a mapping, or raise `maxMappings` of the destination.',
  },
  workspace_missing_secret: {
    status: 400,
    retryable: false,
    message: 'A secret is read from an environment variable that is not set.',
    remedy: 'Set the variable the message names.',
  },
  workspace_version_required: {
    status: 428,
    retryable: false,
    message: 'The change does not say which version it is based on.',
    remedy:
      'Send the ETag of what you read as If-Match, so that no change of others is lost; `If-Match: *` overwrites whatever is there.',
  },
  workspace_version_conflict: {
    status: 409,
    retryable: false,
    message: 'It was changed after the version that this change is based on.',
    remedy:
      'Read it again, or take the present version from the answer, merge your change into it, and send it with that version as If-Match.',
  },
  workspace_not_stored: {
    status: 507,
    retryable: true,
    message: 'The change could not be stored; the workspace stays as it was.',
    remedy: 'Make room on the disk of the server, then make the change again.',
  },
  workspace_unreadable: {
    status: 500,
    retryable: false,
    message: 'The stored workspace cannot be read.',
    remedy: 'Restore a back-up, or remove the file and start with a workspace file.',
  },

  // --- folder: where the server keeps its data ---
  folder_in_use: {
    status: 409,
    retryable: false,
    message: 'Another server uses the data folder.',
    remedy: 'Stop the other server, or use a folder of its own for each.',
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
    message: 'The folder holds files already.',
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
    message: 'The key is missing that the secrets of the workspace are encrypted with.',
    remedy: 'Put the file `secret-key` back, or set WAYBILL_SECRET_KEY to its content.',
  },
  secret_key_wrong: {
    status: 500,
    retryable: false,
    message: 'The secrets of the workspace are encrypted with another key.',
    remedy:
      'Put the file `secret-key` back that belongs to the workspace, or set WAYBILL_SECRET_KEY to its content.',
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
    remedy: 'Stop the server, wait a minute when it was killed, and run the command again.',
  },
  store_not_empty: {
    status: 409,
    retryable: false,
    message: 'The store that is to be the copy holds data already.',
    remedy: 'Name another folder, or another schema with `?schema=`; or remove what is there.',
  },
  store_copy_failed: {
    status: 500,
    retryable: true,
    message: 'The stores could not be copied.',
    remedy: 'Mend what the message says and run the same command again: it goes on where it was.',
  },
  store_copy_differs: {
    status: 500,
    retryable: false,
    message: 'The copy is not what was copied.',
    remedy: 'Remove the copy, make sure that nobody uses either store, and copy again.',
  },

  // --- delivery: whether anything is sent ---
  delivery_not_held: {
    status: 409,
    retryable: false,
    message: 'Delivery is not held.',
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
    message: 'A kept secret cannot be used with a changed type or address.',
    remedy: 'Give the secret itself in place of `{ "$secret": true }`.',
  },
  workspace_variable_forbidden: {
    status: 403,
    retryable: false,
    message: 'The workspace names an environment variable that it may not.',
    remedy:
      'Name the variable in WAYBILL_ENV_ALLOW of the server, or in the workspace file that it is started with.',
  },

  // --- token: who may do what ---
  token_name_taken: {
    status: 409,
    retryable: false,
    message: 'There is a token of this name.',
    remedy: 'Choose another name, or make another token in place of the one there is.',
  },
  token_limit: {
    status: 409,
    retryable: false,
    message: 'There are as many tokens as there can be.',
    remedy: 'Remove tokens that are not used any more.',
  },
  token_fixed: {
    status: 409,
    retryable: false,
    message: 'The admin token cannot be changed here.',
    remedy: 'Change WAYBILL_ADMIN_TOKEN, and start the server again.',
  },

  // --- source: its write key ---
  source_key_fixed: {
    status: 409,
    retryable: false,
    message:
      'The write key is read from a variable of the environment, so it is neither shown nor changed here.',
    remedy: 'Change the variable and start the server again, or give the source a key of its own.',
  },

  // --- request: the HTTP face ---
  request_unauthorized: {
    status: 401,
    retryable: false,
    message: 'The write key or token is missing or unknown.',
    remedy:
      'Send the write key as the user name of basic authentication, or a token of the admin API as a bearer token; the file admin-token in the data folder has the first one.',
  },
  request_forbidden: {
    status: 403,
    retryable: false,
    message: 'The token may not do this.',
    remedy: 'Use a token with the role that the message names; whoever has the admin token can make one.',
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
    remedy: 'Check the path and the id.',
  },
  request_wrong_host: {
    status: 421,
    retryable: false,
    message: 'The console is not served under this name.',
    remedy:
      'Open it by an address or as localhost, or set WAYBILL_PUBLIC_URL to the address under which people reach this server.',
  },
  request_invalid: {
    status: 400,
    retryable: false,
    message: 'The request cannot be understood.',
    remedy: 'Correct the parameter that the message names.',
  },
  request_throttled: {
    status: 429,
    retryable: true,
    message: 'Too many wrong write keys or tokens have come from this address.',
    remedy: 'Correct the key, and send again after the time that Retry-After names.',
  },
  request_too_slow: {
    status: 408,
    retryable: true,
    message: 'The body of the request comes too slowly.',
    remedy: 'Send the request again, over a better connection or with fewer events.',
  },
  server_overloaded: {
    status: 429,
    retryable: true,
    message: 'The server cannot take more events at the moment.',
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
    message: 'The port is taken.',
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
    message: 'What answers at the address is no Waybill server.',
    remedy: 'Correct the address.',
  },
  server_error: {
    status: 500,
    retryable: true,
    message: 'The server failed unexpectedly.',
    remedy: 'Send the request again; the log of the server has the details.',
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

/** The registry's entry of a code; undefined for a word that is none. */
export function errorEntry(code: string): ErrorEntry | undefined {
  return Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : undefined;
}
