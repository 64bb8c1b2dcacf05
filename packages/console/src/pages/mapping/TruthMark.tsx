import type { ReactNode } from 'react';
import type { Truth } from '../../editor/judge.ts';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** Whether a condition is true for the sample event, what it read, and its number of matches. */
export function TruthMark({ truth, total }: { readonly truth: Truth; readonly total: number }): ReactNode {
  const t = useTexts();
  const { holds, count, reads } = truth;
  const read = reads
    .map(({ text, found, value }) => `${text}: ${found ? JSON.stringify(value) : t('editor.read.missing')}`)
    .join(', ');
  return (
    <span className={styles['truth']} title={read === '' ? undefined : t('editor.read', { value: read })}>
      {holds === undefined ? null : (
        <span className={styles[holds ? 'true' : 'false']}>
          <span aria-hidden="true">{holds ? '●' : '✕'}</span> {t(holds ? 'editor.holds' : 'editor.fails')}
        </span>
      )}
      <span className={styles['muted']}>{t('editor.true.in', { matched: count, total })}</span>
    </span>
  );
}
