/** A state within a step: it is parsed when it is asked for, and its text is made when it is to be written. */
export interface HeldState {
  /** Undefined until it is parsed: a state is never undefined. */
  value: unknown;
  text: string | undefined;
}

/** The most characters of JSON that are kept of one user. */
const LARGEST_STATE = 256 * 1024;

/** A state of which the text is known. */
export function heldText(text: string): HeldState {
  return { value: undefined, text };
}

/** A state as a processor gave it back; undefined when nothing is to be kept. */
export function heldValue(state: unknown): HeldState | undefined {
  return state === undefined ? undefined : { value: state, text: undefined };
}

/** The value of a state. */
export function valueOf(held: HeldState): unknown {
  if (held.value === undefined && held.text !== undefined) held.value = JSON.parse(held.text) as unknown;
  return held.value;
}

/** A state as JSON. Throws when that is more than is kept of a user. */
export function textOf(held: HeldState): string {
  return (held.text ??= written(held.value));
}

function written(state: unknown): string {
  const text = JSON.stringify(state);
  if (text.length > LARGEST_STATE)
    throw new Error(`The state of a user has ${text.length} characters; the maximum is ${LARGEST_STATE}.`);
  return text;
}
