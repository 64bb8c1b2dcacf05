import type { ErrorEntry } from './entry.ts';

/** Codes of events, deletions and tracking plans. */
export const EVENT_ERRORS = {
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
    message: 'The destination was so far behind that its oldest events were dropped.',
    remedy:
      'Repair the destination, or raise its backlog limit; replay the period while its events are in the log.',
  },

  // --- deletion ---
  deletion_suppressed: {
    status: 400,
    retryable: false,
    message: 'The person of the event was deleted, and their events have been refused since then.',
    remedy:
      'Stop sending events of the person, or accept them again: Settings, Delete a user, or POST /api/deletions/lift.',
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
} as const satisfies Record<string, ErrorEntry>;
