/** A state within a step: parsed on first use, and serialised when it is written. */
export interface HeldState {
  /** Undefined until it is parsed: a state is never undefined. */
  value: unknown;
  text: string | undefined;
}

/** The maximum length of the JSON of a state, in characters. */
const LARGEST_STATE = 256 * 1024;

/** Returns a state with known JSON. */
export function heldText(text: string): HeldState {
  return { value: undefined, text };
}

/** Returns a state from the result of a processor; undefined when nothing is to be stored. */
export function heldValue(state: unknown): HeldState | undefined {
  return state === undefined ? undefined : { value: state, text: undefined };
}

/** Returns the value of a state. */
export function valueOf(held: HeldState): unknown {
  if (held.value === undefined && held.text !== undefined) held.value = JSON.parse(held.text) as unknown;
  return held.value;
}

/** Returns a state as JSON. Throws when it exceeds the limit per user. */
export function textOf(held: HeldState): string {
  return (held.text ??= written(held.value));
}

function written(state: unknown): string {
  const text = JSON.stringify(state);
  if (text.length > LARGEST_STATE)
    throw new Error(`The state of a user has ${text.length} characters; the maximum is ${LARGEST_STATE}.`);
  return text;
}
