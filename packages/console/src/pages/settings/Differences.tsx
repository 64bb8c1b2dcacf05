import type { WorkspacePlan } from '@waybill/api';
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences.ts';
import cards from '../../kit/Cards.module.css';
import styles from './Settings.module.css';

/** The number of shown characters of a value. */
const SHOWN = 2_000;

/** The differences between two workspaces, one row each. */
export function Differences({ changes }: { readonly changes: WorkspacePlan['changes'] }): ReactNode {
  const t = useTexts();
  return (
    <div className={styles['scroller']}>
      <table className={`${styles['table']} ${styles['tall']} ${cards['cards']}`}>
        <thead>
          <tr>
            <th scope="col">{t('settings.difference.what')}</th>
            <th scope="col">{t('settings.difference.where')}</th>
            <th scope="col">{t('settings.difference.before')}</th>
            <th scope="col">{t('settings.difference.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ what, path, from, to }) => (
            <tr key={path}>
              <td>{t(`settings.difference.${what}`)}</td>
              <td>
                <code>{path}</code>
              </td>
              <td data-label={t('settings.difference.before')}>
                <Value value={from} />
              </td>
              <td data-label={t('settings.difference.after')}>
                <Value value={to} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value }: { readonly value: unknown }): ReactNode {
  if (value === undefined) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 1);
  return <code className={styles['value']}>{text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text}</code>;
}
