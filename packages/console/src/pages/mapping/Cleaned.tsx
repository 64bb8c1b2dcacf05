import type { Change } from '@waybill/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** What cleaning and converting changed, one line each. */
export function Cleaned({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  const t = useTexts();
  return (
    <ul className={styles['notes']}>
      {changes.map(({ path, what, from, to }) => (
        <li key={path}>
          {t(what === 'coerced' ? 'editor.change.coerced' : 'editor.change.removed', {
            path,
            from: JSON.stringify(from) ?? '',
            to: JSON.stringify(to) ?? '',
          })}
        </li>
      ))}
    </ul>
  );
}
