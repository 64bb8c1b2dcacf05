import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Events.module.css';
import type { Events } from './use-events.ts';

/** The number of found and inspected events, and continuing further back. */
export function Summary({ events }: { readonly events: Events }): ReactNode {
  const t = useTexts();
  const { rows, scanned, complete, full, loading, goOn } = events;
  if (events.error !== null) return null;
  return (
    <div className={styles['summary']}>
      <span>
        {t('events.shown', { count: rows.length })} · {t('events.scanned', { count: scanned })}
        {complete && ` · ${t('events.all')}`}
        {full && ` · ${t('events.full')}`}
      </span>
      {!complete && !full && (
        <Button disabled={loading} onClick={goOn}>
          {loading ? t('events.loading') : t('events.more')}
        </Button>
      )}
    </div>
  );
}
