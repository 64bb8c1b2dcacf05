import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import styles from '../../kit/List.module.css';
import { useTexts } from '../../preferences.ts';

/** Mappings that are drafts only: they run once they are published. */
export function Drafts({
  destination,
  drafts,
}: {
  readonly destination: string;
  readonly drafts: readonly string[];
}): ReactNode {
  const t = useTexts();
  if (drafts.length === 0) return null;
  return (
    <>
      <h3 id="drafts">{t('mappings.drafts')}</h3>
      <ul className={styles['list']} aria-labelledby="drafts">
        {drafts.map((id) => (
          <li key={id} className={styles['row']}>
            <Link to="/destinations/$id/mappings/$mapping" params={{ id: destination, mapping: id }}>
              {id}
            </Link>
            <Badge state="draft" />
          </li>
        ))}
      </ul>
    </>
  );
}
