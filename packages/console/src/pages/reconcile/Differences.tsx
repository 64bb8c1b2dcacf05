import type { ReconciliationAnswer } from '@waybill/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { useTexts } from '../../preferences.ts';
import list from '../../kit/List.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Reconcile.module.css';

type Result = NonNullable<ReconciliationAnswer['result']>;
type Difference = Result['differences'][number];
type Event = Difference['events'][number];

/** The number of rendered orders. */
const SHOWN = 200;

/** Every order with differences, its faults, and its story. */
export function Differences({ result: { differences, differing } }: { readonly result: Result }): ReactNode {
  const t = useTexts();
  if (differing === 0) return null;
  const shown = differences.slice(0, SHOWN);
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">{t('reconcile.differing', { count: differing })}</h2>
      {shown.length < differing ? <p>{t('reconcile.shown', { count: shown.length })}</p> : null}
      <ul className={list['list']} aria-labelledby="differences">
        {shown.map((one) => (
          <li key={one.order} className={styles['order']}>
            <Order difference={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Order({
  difference: { order, number, day, store, faults, events },
}: {
  readonly difference: Difference;
}): ReactNode {
  const t = useTexts();
  return (
    <>
      <div className={sheet['row']}>
        <strong>{order}</strong>
        {number === undefined || number === order ? null : <span>{number}</span>}
        {day === undefined ? null : <span>{day}</span>}
        {store === undefined ? null : <span className={sheet['muted']}>{store}</span>}
      </div>
      {faults.map(({ column, kind, expected, found }) => (
        <div key={`${column} ${kind}`} className={sheet['row']}>
          <Badge state="rejected">
            {t(`reconcile.column.${column}`)}: {t(`reconcile.kind.${kind}`)}
          </Badge>
          {expected === undefined ? null : <span>{t('reconcile.expected', { value: expected })}</span>}
          {found === undefined ? null : <span>{t('reconcile.found', { value: found })}</span>}
        </div>
      ))}
      {events.length === 0 ? null : (
        <details>
          <summary>{t('reconcile.events', { count: events.length })}</summary>
          <ul className={sheet['plain']}>
            {events.map((event) => (
              <li key={event.seq}>
                <Told event={event} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** An event of the order, and its outcome. */
function Told({ event: { event, messageId, outcomes } }: { readonly event: Event }): ReactNode {
  const t = useTexts();
  return (
    <>
      <Link to="/events/$messageId" params={{ messageId }}>
        {event}
      </Link>
      {outcomes.length === 0 ? ` – ${t('reconcile.noMapping')}` : null}
      {outcomes.map(({ destination, mappingId, status, code, deadLetterId }) => (
        <span key={`${destination} ${mappingId}`}>
          {' – '}
          {destination} {mappingId}: {status} {code === undefined ? null : <code>{code}</code>}{' '}
          {deadLetterId === undefined ? null : (
            <Link to="/dead-letters/$id" params={{ id: String(deadLetterId) }}>
              {t('reconcile.deadLetter', { id: deadLetterId })}
            </Link>
          )}
        </span>
      ))}
    </>
  );
}
