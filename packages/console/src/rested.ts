import { useEffect, useState } from 'react';

/** Milliseconds without a keystroke after which somebody else is asked. */
const REST = 400;

/** A value once it has stayed the same for a moment: a server is asked when a person rests, not at every key. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
