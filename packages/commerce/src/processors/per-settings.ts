/** What follows from settings, worked out once for each: they are the same object from event to event. */
export function perSettings<S extends object, R>(make: (settings: S) => R): (settings: S) => R {
  const known = new WeakMap<S, R>();
  return (settings) => {
    let made = known.get(settings);
    if (made === undefined) {
      made = make(settings);
      known.set(settings, made);
    }
    return made;
  };
}
