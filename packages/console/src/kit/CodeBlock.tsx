import type { ReactNode } from 'react';
import { useTexts } from '../preferences.ts';
import { CopyButton } from './Copy.tsx';
import styles from './CodeBlock.module.css';

/** Lines of code, with a button that copies them. */
export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }): ReactNode {
  const t = useTexts();
  return (
    <div className={styles['block']}>
      <pre className={styles['code']}>{text}</pre>
      <CopyButton text={text} label={`${t('kit.copy')}: ${label}`} />
    </div>
  );
}
