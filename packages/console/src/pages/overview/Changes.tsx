import type { AnswerOf } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useClient } from '../../session.tsx';
import { useTexts } from '../../preferences.ts';
import { Time } from '../../kit/Time.tsx';
import styles from './Overview.module.css';

const MOST = 50;

type Change = AnswerOf<'GET /api/audit'>[number];

/** Hook for the changes of a period. */
export function useChanges(from: number, to: number): readonly Change[] {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['audit', 'newest'],
    queryFn: () => client.get('/api/audit', { query: { limit: MOST } }),
    refetchInterval: 30_000,
  });
  return (data ?? []).filter(({ at }) => at >= from && at <= to);
}

/** The changes of a period, possible causes of results. */
export function Changes({ changes }: { readonly changes: readonly Change[] }): ReactElement {
  const t = useTexts();
  return (
    <section aria-label={t('overview.changes')} className={styles['card']}>
      <h2>{t('overview.changes')}</h2>
      {changes.length === 0 && <p>{t('overview.changes.none')}</p>}
      <ul className={styles['plain']}>
        {changes.map(({ id, at, by, note, writes }) => (
          <li key={id} className={styles['change']}>
            <Time at={at} /> {t('overview.changes.by', { name: by })}{' '}
            {writes.map(({ name }) => (
              <code key={name}>{name}</code>
            ))}{' '}
            {note}
          </li>
        ))}
      </ul>
      <p>
        <Link to="/settings">{t('nav.settings')}</Link>
      </p>
    </section>
  );
}
