import type { ReactNode } from 'react';
import { useTexts } from '../preferences.ts';
import styles from './Exchange.module.css';
import { Json } from './Json.tsx';
import { Time } from './Time.tsx';

/** A request, sent or not, with its answer; secrets were redacted when it was recorded. */
export interface ShownExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
  };
  /** Absent for what was not sent, or not answered. */
  readonly response?:
    | {
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: string | undefined;
      }
    | undefined;
  /** Why there is no answer. */
  readonly failure?: string | undefined;
  readonly at?: number;
  readonly durationMs?: number;
}

/** A request to a destination with its answer; without an answer and a time it was not sent. */
export function ExchangeCard({ exchange }: { readonly exchange: ShownExchange }): ReactNode {
  const t = useTexts();
  const { request, response, failure, at, durationMs } = exchange;
  const wasSent = at !== undefined || failure !== undefined;
  return (
    <div className={styles['exchange']}>
      <p className={styles['head']}>
        <code>
          {request.method} {request.url}
        </code>
        {at === undefined ? null : <Time at={at} />}
        {durationMs === undefined ? null : (
          <span className={styles['quiet']}>
            {t('story.milliseconds', { count: Math.round(durationMs) })}
          </span>
        )}
      </p>
      <Message title={t('story.request')} headers={request.headers} body={request.body} />
      {response === undefined ? (
        wasSent ? (
          <p>
            {t('story.noAnswer')}
            {failure === undefined ? '' : `: ${failure}`}
          </p>
        ) : null
      ) : (
        <Message
          title={`${t('story.answer')} ${response.status}`}
          headers={response.headers ?? {}}
          body={response.body}
        />
      )}
    </div>
  );
}

function Message({
  title,
  headers,
  body,
}: {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}): ReactNode {
  const t = useTexts();
  const parsed = jsonOf(body);
  const lines = Object.entries(headers);
  return (
    <section className={styles['message']}>
      <p>
        <strong>{title}</strong>
      </p>
      {lines.length === 0 ? null : (
        <details>
          <summary>{t('story.headers')}</summary>
          <dl className={styles['headers']}>
            {lines.map(([name, value]) => [
              <dt key={`${name} name`}>{name}</dt>,
              <dd key={name}>{value}</dd>,
            ])}
          </dl>
        </details>
      )}
      {parsed === undefined ? (
        body !== undefined && body !== '' && <pre className={styles['pre']}>{body}</pre>
      ) : (
        <Json value={parsed.value} />
      )}
    </section>
  );
}

/** Parses JSON; undefined when invalid, for example because it was cut. */
function jsonOf(text: string | undefined): { readonly value: unknown } | undefined {
  try {
    return text === undefined ? undefined : { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
