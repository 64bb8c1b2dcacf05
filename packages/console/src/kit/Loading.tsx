import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '../preferences.ts';

/** Milliseconds that nothing is said: most answers are there by then. */
const PATIENCE = 150;

/** Says that something is loaded, when it takes a while. */
export function Loading(): ReactNode {
  const t = useTexts();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return <p role="status">{late ? `${t('kit.loading')} …` : ''}</p>;
}
