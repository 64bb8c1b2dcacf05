import type { Change } from '@waybill/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences.ts';
import { Turned } from './Gives.tsx';
import styles from './Mapping.module.css';

/** The changes by validation, one line each: the place, old and new value. */
export function Cleaned({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  const t = useTexts();
  return (
    <ul className={styles['notes']} aria-label={t('editor.changes')}>
      {changes.map(({ path, what, from, to }) => (
        <li key={path}>
          <code>{path}</code> {t(what === 'coerced' ? 'editor.change.coerced' : 'editor.change.removed')}{' '}
          <Turned from={from} to={to} />
        </li>
      ))}
    </ul>
  );
}
