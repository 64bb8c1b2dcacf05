import type { ErrorEntry } from './entry.ts';

/** Codes of the configuration. */
export const WORKSPACE_ERRORS = {
  // --- workspace: what a person configures ---
  workspace_invalid: {
    status: 400,
    retryable: false,
    message: 'The workspace does not match its schema.',
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
    message: 'There is no source with this ID.',
    remedy: 'Use the ID of a source of the workspace.',
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
    message: 'The ID is used twice.',
    remedy: 'Give each source, destination and mapping a unique ID.',
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
    message: 'The destination has the maximum number of mappings.',
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
      "Send the ETag of what you read as If-Match, so that nobody else's change is lost; `If-Match: *` overwrites the current version.",
  },
  workspace_version_conflict: {
    status: 409,
    retryable: false,
    message: 'Somebody else has changed it in the meantime.',
    remedy:
      'Read it again, or use the current version from the response, merge your change into it, and send it with that version as If-Match.',
  },
  workspace_not_stored: {
    status: 507,
    retryable: true,
    message: 'The change could not be stored; the workspace is unchanged.',
    remedy: 'Free disk space on the server, then make the change again.',
  },
  workspace_unreadable: {
    status: 500,
    retryable: false,
    message: 'The stored workspace cannot be read.',
    remedy: 'Restore a back-up, or remove the file and start with a workspace file.',
  },
} as const satisfies Record<string, ErrorEntry>;
