import type { Exchange, Step } from '@waybill/api';
import type { ReactElement } from 'react';
import { useTexts } from '../../preferences.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Json } from '../../kit/Json.tsx';
import { Time } from '../../kit/Time.tsx';
import { Link } from '@tanstack/react-router';
import styles from './Story.module.css';

/** What became of an event at one mapping: outcome, reason and remedy, attempts, payload, requests. */
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
          <span className={styles['quiet']}>{t('story.version', { version: mappingVersion })}</span>
        )}
        {attempts > 0 && <span className={styles['quiet']}>{t('story.attempts', { count: attempts })}</span>}
        {at !== undefined && <Time at={at} />}
      </div>
      {step.code !== undefined && <Reason step={step} />}
      {dueAt !== undefined && <Fact name={t('story.next')} at={dueAt} />}
      {firstFailedAt !== undefined && <Fact name={t('story.firstFailed')} at={firstFailedAt} />}
      {step.payload !== undefined && (
        <details open={status === 'rejected'}>
          <summary>{t('story.payload')}</summary>
          <Json value={step.payload} />
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
        <Link to="/dead-letters" search={{ id: step.deadLetterId }}>
          {t('story.deadLetter')}
        </Link>
      )}
    </li>
  );
}

function Fact({ name, at }: { readonly name: string; readonly at: number }): ReactElement {
  return (
    <p>
      {name}: <Time at={at} />
    </p>
  );
}

function Reason({ step }: { readonly step: Step }): ReactElement {
  const t = useTexts();
  return (
    <div className={styles['reason']}>
      <p>
        {step.message} <code>{step.code}</code>
      </p>
      {step.field !== undefined && (
        <p>
          {t('story.field')}: <code>{step.field}</code>
        </p>
      )}
      {step.remedy !== undefined && step.status !== 'skipped' && (
        <p>
          <strong>{t('story.remedy')}:</strong> {step.remedy}
        </p>
      )}
    </div>
  );
}

/** One request to a destination with its answer; secrets were taken out where it was recorded. */
function ExchangeCard({ exchange }: { readonly exchange: Exchange }): ReactElement {
  const t = useTexts();
  const { request, response, failure, at, durationMs } = exchange;
  return (
    <div className={styles['exchange']}>
      <p className={styles['stepHead']}>
        <code>
          {request.method} {request.url}
        </code>
        <Time at={at} />
        <span className={styles['quiet']}>{t('story.milliseconds', { count: Math.round(durationMs) })}</span>
      </p>
      <Message title={t('story.request')} headers={request.headers} body={request.body} />
      {response === undefined ? (
        <p>
          {t('story.noAnswer')}
          {failure === undefined ? '' : `: ${failure}`}
        </p>
      ) : (
        <Message
          title={`${t('story.answer')} ${response.status}`}
          headers={response.headers}
          body={response.body}
        />
      )}
    </div>
  );
}

interface MessageProps {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function Message({ title, headers, body }: MessageProps): ReactElement {
  const t = useTexts();
  const parsed = jsonOf(body);
  return (
    <section className={styles['message']}>
      <p>
        <strong>{title}</strong>
      </p>
      <details>
        <summary>{t('story.headers')}</summary>
        <dl className={styles['facts']}>
          {Object.entries(headers).map(([name, value]) => [
            <dt key={`${name} name`}>{name}</dt>,
            <dd key={name}>{value}</dd>,
          ])}
        </dl>
      </details>
      {parsed === undefined ? (
        body !== undefined && body !== '' && <pre className={styles['pre']}>{body}</pre>
      ) : (
        <Json value={parsed.value} />
      )}
    </section>
  );
}

/** The JSON of a text; undefined for what is none, for instance because it was cut. */
function jsonOf(text: string | undefined): { readonly value: unknown } | undefined {
  try {
    return text === undefined ? undefined : { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
