import { useEffect, useState } from 'react';

/** The debounce, in milliseconds. */
const REST = 400;

/** Returns a debounced value, so that a server is not called at every key. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
