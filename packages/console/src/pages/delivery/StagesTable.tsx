import { Link } from '@tanstack/react-router';
import type { Destination, Overview } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import styles from '../../kit/Sheet.module.css';
import { useTexts } from '../../preferences.ts';
import { changeOf } from '../overview/figures.ts';
import { type Stages, stagesOf } from './stages.ts';

const COLUMNS = ['accepted', 'matched', 'ready', 'delivered', 'skipped', 'rejected', 'retried'] as const;

/** Outcomes by which the events of a stage can be listed. */
const LISTED = {
  matched: {},
  delivered: { outcome: 'delivered' },
  skipped: { outcome: 'skipped' },
  rejected: { outcome: 'rejected' },
};

/** The funnel of each mapping in a period, compared with the previous period. */
export function StagesTable({
  destination,
  overview,
}: {
  readonly destination: Destination;
  readonly overview: Overview;
}): ReactNode {
  const t = useTexts();
  const before = new Map(stagesOf(overview.before, destination).map((one) => [one.mappingId, one]));
  const label = t('delivery.stages', { destination: destination.id });
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={label}>
      <table className={styles['table']} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('delivery.mapping')}</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={styles['number']}>
                {t(`delivery.stage.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stagesOf(overview.totals, destination).map((stages) => (
            <tr key={stages.mappingId}>
              <th scope="row">
                <Link
                  to="/destinations/$id/mappings/$mapping"
                  params={{ id: destination.id, mapping: stages.mappingId }}
                >
                  {stages.mappingId}
                </Link>
              </th>
              {COLUMNS.map((name) => (
                <td key={name} className={styles['number']}>
                  <Stage
                    name={name}
                    now={stages}
                    before={before.get(stages.mappingId)}
                    search={{ destination: destination.id, from: overview.from, to: overview.to }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number that links to its events, with the change since the previous period. */
function Stage({
  name,
  now,
  before,
  search,
}: {
  readonly name: (typeof COLUMNS)[number];
  readonly now: Stages;
  readonly before: Stages | undefined;
  readonly search: Readonly<Record<string, string | number>>;
}): ReactNode {
  const t = useTexts();
  const { number, percent } = useFormat();
  const change = changeOf(now[name], before?.[name] ?? 0);
  const shown = number(now[name]);
  const listed = name in LISTED ? LISTED[name as keyof typeof LISTED] : undefined;
  return (
    <>
      {listed === undefined || now[name] === 0 ? (
        shown
      ) : (
        <Link to="/events" search={{ ...search, mapping: now.mappingId, ...listed }}>
          {shown}
        </Link>
      )}
      {change !== undefined && change !== 0 && (
        <span className={styles['change']}>
          {t(change > 0 ? 'overview.more' : 'overview.less', { share: percent(Math.abs(change)) })}
        </span>
      )}
    </>
  );
}
