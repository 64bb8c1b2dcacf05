import type { ErrorEntry } from './entry.ts';

/** Codes of triggers, mappings, payloads and identities. */
export const MAPPING_ERRORS = {
  // --- trigger ---
  trigger_syntax: {
    status: 400,
    retryable: false,
    message: 'The trigger cannot be parsed.',
    remedy: 'Correct the trigger at the marked character; docs/triggers.md describes the language.',
  },
  trigger_unknown_word: {
    status: 400,
    retryable: false,
    message: 'The trigger uses an unknown field or function.',
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
    remedy: 'Make the directive the only key of its object, or remove the `@` from the key.',
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
    message: 'A hook of the mapping failed, so the mapping was not published.',
    remedy:
      'Correct the inputs of the hook, or the settings of the destination; the message states the error.',
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
    remedy: 'Send the identifier that the message names, or map it from another property of the event.',
  },
  identity_invalid_email: {
    status: 422,
    retryable: false,
    message: 'The e-mail address is malformed, and there is no other identifier.',
    remedy: 'Send a well-formed address, or also a user ID.',
  },
  identity_invalid_user_id: {
    status: 422,
    retryable: false,
    message: 'The user ID is not one the destination accepts, and there is no other identifier.',
    remedy: 'Send a user ID of 1 to 52 printable ASCII characters.',
  },
} as const satisfies Record<string, ErrorEntry>;
