import { useQuery } from '@tanstack/react-query';
import type { Step } from '@waybill/api';
import type { ReactElement } from 'react';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Badge } from '../../kit/Badge.tsx';
import { ExchangeCard } from '../../kit/Exchange.tsx';
import { Json, keysOf } from '../../kit/Json.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { Link } from '@tanstack/react-router';
import styles from './Story.module.css';

/** The result of an event for one mapping: outcome, reason and remedy, attempts, payload, requests. */
export function StepCard({ step }: { readonly step: Step }): ReactElement {
  const t = useTexts();
  const { destination, mappingId, mappingVersion, status, attempts, at, dueAt, firstFailedAt } = step;
  return (
    <li className={styles['step']}>
      <div className={styles['stepHead']}>
        <Badge state={status} />
        <Link to="/destinations/$id" params={{ id: destination }}>
          {destination}
        </Link>
        {mappingId === '' ? (
          <span className={styles['quiet']}>{t('story.unmatched')}</span>
        ) : (
          <Link to="/destinations/$id/mappings/$mapping" params={{ id: destination, mapping: mappingId }}>
            {mappingId}
          </Link>
        )}
        {mappingVersion !== undefined && (
          <Version destination={destination} mapping={mappingId} version={mappingVersion} />
        )}
        {attempts > 0 && <span className={styles['quiet']}>{t('story.attempts', { count: attempts })}</span>}
        {at !== undefined && <Time at={at} />}
      </div>
      {step.code !== undefined && <Why step={step} />}
      {dueAt !== undefined && <Fact name={t('story.next')} at={dueAt} />}
      {firstFailedAt !== undefined && <Fact name={t('story.firstFailed')} at={firstFailedAt} />}
      {step.correction !== undefined && (
        <details open>
          <summary>
            {t('story.corrected')} <Time at={step.correction.at} />
          </summary>
          <Json value={step.correction.event} />
        </details>
      )}
      {step.payload !== undefined && (
        <details open={status === 'rejected'}>
          <summary>{t('story.payload')}</summary>
          <Json value={step.payload} mark={keysOf(step.field)} />
          {step.payloadCut === true && <p className={styles['quiet']}>{t('story.payloadCut')}</p>}
        </details>
      )}
      {step.exchanges.length > 0 && (
        <details>
          <summary>
            {t('story.exchanges')} ({step.exchanges.length})
          </summary>
          {step.exchanges.map((one) => (
            <ExchangeCard key={one.id} exchange={one} />
          ))}
        </details>
      )}
      {step.deadLetterId !== undefined && (
        <Link to="/dead-letters/$id" params={{ id: String(step.deadLetterId) }}>
          {t('story.deadLetter')}
        </Link>
      )}
    </li>
  );
}

/** The version of the mapping of an event, with its note. */
function Version({
  destination,
  mapping,
  version,
}: {
  readonly destination: string;
  readonly mapping: string;
  readonly version: number;
}): ReactElement {
  const t = useTexts();
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['version', destination, mapping, version],
    // Versions are immutable.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      client.get('/api/destinations/:id/mappings/:mapping/versions/:version', {
        params: { id: destination, mapping, version },
      }),
  });
  return (
    <span className={styles['quiet']}>
      {t('story.version', { version })}
      {data?.note === undefined ? null : ` · ${data.note}`}
    </span>
  );
}

function Fact({ name, at }: { readonly name: string; readonly at: number }): ReactElement {
  return (
    <p>
      {name}: <Time at={at} />
    </p>
  );
}

function Why({ step }: { readonly step: Step }): ReactElement {
  const t = useTexts();
  return (
    <div className={styles['reason']}>
      <Reason code={step.code ?? ''}>
        {step.message} <code>{step.code}</code>
      </Reason>
      {step.field !== undefined && (
        <p>
          {t('story.field')}: <code>{step.field}</code>
        </p>
      )}
      {step.remedy !== undefined && step.status !== 'skipped' && (
        <p>
          <strong>{t('story.remedy')}:</strong> <Remedy code={step.code ?? ''}>{step.remedy}</Remedy>
        </p>
      )}
    </div>
  );
}
