import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '../preferences.ts';
import { Button } from './Button.tsx';
import styles from './Copy.module.css';

/** An id, path or key in full, with a button that copies it. */
export function Copy({ text, shown = text }: { readonly text: string; readonly shown?: string }): ReactNode {
  const t = useTexts();
  return (
    <span className={styles['copy']}>
      <code className={styles['text']}>{shown}</code>
      <CopyButton text={text} label={`${t('kit.copy')}: ${shown}`} />
    </span>
  );
}

/** Copies a string, and confirms briefly. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      look="quiet"
      aria-label={label}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {copied ? t('kit.copied') : t('kit.copy')}
    </Button>
  );
}
