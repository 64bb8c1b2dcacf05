import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '../preferences.ts';

/** The delay before it is shown, in milliseconds: most answers arrive earlier. */
const PATIENCE = 150;

/** A loading indicator, shown after a delay. */
export function Loading(): ReactNode {
  const t = useTexts();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return <p role="status">{late ? `${t('kit.loading')} …` : ''}</p>;
}
