/** A state within a step: it is parsed when it is asked for, and its text is made when it is to be written. */
export interface HeldState {
  value(): unknown;
  /** As JSON. Throws when that is more than is kept of a user. */
  text(): string;
}

/** The most characters of JSON that are kept of one user. */
const LARGEST_STATE = 256 * 1024;

/** A state of which the text is known. */
export function heldText(text: string): HeldState {
  let parsed: { readonly state: unknown } | undefined;
  return { value: () => (parsed ??= { state: JSON.parse(text) as unknown }).state, text: () => text };
}

/** A state as a processor gave it back; undefined when nothing is to be kept. */
export function heldValue(state: unknown): HeldState | undefined {
  if (state === undefined) return undefined;
  let text: string | undefined;
  return { value: () => state, text: () => (text ??= textOf(state)) };
}

function textOf(state: unknown): string {
  const text = JSON.stringify(state);
  if (text.length > LARGEST_STATE)
    throw new Error(`The state of a user has ${text.length} characters; ${LARGEST_STATE} are the most.`);
  return text;
}
