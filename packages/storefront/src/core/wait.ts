/** Milliseconds between two looks, and how many there are. */
const LOOK_AGAIN = 250;
const LOOKS = 80;

/** Acts once a page has what is looked for: it comes with a script of its own, perhaps after this one, or never. */
export function whenThere<T>(find: () => T | undefined, act: (found: T) => void, looks = LOOKS): void {
  const found = find();
  if (found !== undefined) act(found);
  else if (looks > 0) setTimeout(() => whenThere(find, act, looks - 1), LOOK_AGAIN);
}
