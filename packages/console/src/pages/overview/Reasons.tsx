import type { OverviewCounts } from '@waybill/api';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { useTexts } from '../../preferences.ts';
import { Badge } from '../../kit/Badge.tsx';
import styles from './Overview.module.css';

type Reason = OverviewCounts['reasons'][number];

/** The most frequent reasons of failures, with remedies and links. */
export function Reasons({
  totals,
  from,
  to,
}: {
  readonly totals: OverviewCounts;
  readonly from: number;
  readonly to: number;
}): ReactElement {
  const t = useTexts();
  return (
    <section aria-label={t('overview.reasons')} className={styles['card']}>
      <h2>{t('overview.reasons')}</h2>
      {totals.reasons.length === 0 && <p>{t('overview.reasons.none')}</p>}
      <ul className={styles['plain']}>
        {totals.reasons.map((one) => (
          <li key={`${one.status} ${one.code}`} className={styles['reason']}>
            <div className={styles['reasonHead']}>
              <Badge state={STATES[one.status]} />
              <Link {...placeOf(one, from, to)}>{t(COUNTED[one.status], { count: one.count })}</Link>
              <code>{one.code}</code>
            </div>
            <Reason code={one.code}>{one.message}</Reason>
            <p className={styles['remedy']}>
              <Remedy code={one.code}>{one.remedy}</Remedy>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const STATES = { rejected: 'rejected', retry: 'waiting', refused: 'refused' } as const;

/** The unit of each number. */
const COUNTED = {
  rejected: 'overview.reasons.count',
  retry: 'overview.reasons.attempts',
  refused: 'overview.reasons.events',
} as const;

function placeOf(
  { status, code }: Reason,
  from: number,
  to: number,
): { readonly to: string; readonly search: Readonly<Record<string, unknown>> } {
  if (status === 'rejected') return { to: '/dead-letters', search: { code, from, to } };
  if (status === 'retry') return { to: '/delivery', search: { code } };
  return { to: '/sources', search: {} };
}
