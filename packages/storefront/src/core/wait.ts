/** The polling interval in milliseconds, and the number of polls. */
const LOOK_AGAIN = 250;
const LOOKS = 80;

/** Calls a function once the page has a value, which another script sets later, or never. */
export function whenThere<T>(find: () => T | undefined, act: (found: T) => void, looks = LOOKS): void {
  const found = find();
  if (found !== undefined) act(found);
  else if (looks > 0) setTimeout(() => whenThere(find, act, looks - 1), LOOK_AGAIN);
}
