/** The maximum length of a trigger, in UTF-16 units. */
export const MAX_TRIGGER_LENGTH = 10_000;

/** The maximum nesting of parentheses, negations, functions and lists in a trigger. */
export const MAX_TRIGGER_DEPTH = 64;

/** The maximum length of a pattern of `match`, which bounds the work per character. */
export const MAX_PATTERN_LENGTH = 256;

/**
 * The maximum number of characters, `?`, `[]` and stars of a pattern that has a `?` or `[]`: its work is string length
 * times pattern length.
 */
export const MAX_WALKED_PARTS = 64;

/** The maximum nesting of a value that an equality compares. */
export const MAX_VALUE_DEPTH = 64;
