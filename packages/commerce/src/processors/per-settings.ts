/** Caches what is computed from settings: they are the same object for all events. */
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
