/** Longest trigger, in UTF-16 units. */
export const MAX_TRIGGER_LENGTH = 10_000;

/** Deepest nesting of parentheses, negations, functions and lists in a trigger. */
export const MAX_TRIGGER_DEPTH = 64;

/** Longest pattern of `match`, which bounds the work per character of the text. */
export const MAX_PATTERN_LENGTH = 256;

/** Most characters, `?`, `[]` and stars of a pattern that has a `?` or `[]`: its work is text times pattern. */
export const MAX_WALKED_PARTS = 64;

/** Deepest nesting inside one value of an event that an equality looks into. */
export const MAX_VALUE_DEPTH = 64;
