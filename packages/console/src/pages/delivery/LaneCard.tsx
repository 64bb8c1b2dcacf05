import type { Destination, Lane, Overview } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { StageReasons } from './StageReasons.tsx';
import { StagesTable } from './StagesTable.tsx';

/** The status of a destination, and the funnel of its mappings. */
export function LaneCard({
  lane,
  destination,
  overview,
  onNow,
}: {
  readonly lane: Lane;
  readonly destination: Destination | undefined;
  readonly overview: Overview | undefined;
  readonly onNow: () => void;
}): ReactNode {
  const t = useTexts();
  const { number, moment } = useFormat();
  const { hold } = lane;
  return (
    <section aria-label={lane.destination} className={styles['card']}>
      <h2>{lane.destination}</h2>
      <div className={styles['row']}>
        {!lane.enabled && <Badge state="skipped">{t('delivery.off')}</Badge>}
        {lane.enabled && hold === undefined && <Badge state="delivered">{t('delivery.working')}</Badge>}
        {lane.enabled && hold !== undefined && (
          <Badge state="waiting">{t('delivery.held', { time: moment(hold.since) })}</Badge>
        )}
        <span>
          {t('delivery.lag')}: {number(lane.lag)}
        </span>
        <span>
          {t('delivery.waiting')}: {number(lane.waiting)}
        </span>
        {hold === undefined && lane.nextDue !== undefined && (
          <span>
            {t('delivery.probe')}: <Time at={lane.nextDue} />
          </span>
        )}
        <Button onClick={onNow} disabled={!lane.enabled || (lane.waiting === 0 && hold === undefined)}>
          {t('delivery.now')}
        </Button>
      </div>
      {hold !== undefined && (
        <p>
          <code>{hold.code}</code> {hold.message} {t('delivery.probe')}: <Time at={hold.until} />
        </p>
      )}
      {destination !== undefined && overview !== undefined && (
        <>
          <StagesTable destination={destination} overview={overview} />
          <StageReasons destination={destination.id} overview={overview} />
        </>
      )}
    </section>
  );
}
