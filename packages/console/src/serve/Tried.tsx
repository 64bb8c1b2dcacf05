import type { TriedRequest, TryResult } from '@waybill/definitions';
import type { ReactNode } from 'react';
import { Badge, type State } from '../kit/Badge.tsx';
import { ExchangeCard, type ShownExchange } from '../kit/Exchange.tsx';
import { Failure } from '../kit/Failure.tsx';
import { Json } from '../kit/Json.tsx';
import { Because, TriggerText } from '../pages/events/Explained.tsx';
import { type Translate } from '../i18n/translate.ts';
import { Cleaned } from '../pages/mapping/Cleaned.tsx';
import { Identified } from '../pages/mapping/Identified.tsx';
import styles from '../pages/mapping/Mapping.module.css';
import { useTexts } from '../preferences.ts';

/** The result of a trial: the verdict, problems, requests, and reasons. */
export function Tried({ result }: { readonly result: TryResult }): ReactNode {
  const t = useTexts();
  const { problems, explanation, outcome, issues = [], requests = [], payload } = result;
  if (problems.length > 0) return <Failure error={new Error(problems.join('\n'))} />;
  const [state, words] = verdictOf(result, t);
  const { trigger, changes = [], identity } = explanation!;
  const { field, note } = { field: undefined, note: undefined, ...outcome };
  return (
    <>
      <p role="status" className={styles['verdict']}>
        <Badge state={state}>{words}</Badge>
      </p>
      {field === undefined ? null : (
        <p>
          {t('story.field')}: <code>{field}</code>
        </p>
      )}
      {note === undefined ? null : <p>{note}</p>}
      {issues.length === 0 ? null : (
        <ul>
          {issues.map(({ path, code, message }) => (
            <li key={`${code} ${path}`}>
              <code>{path}</code> {message} <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
      {requests.length === 0 ? null : (
        <Part title={t(result.sent === true ? 'story.exchanges' : 'serve.requests')}>
          {requests.map((request, at) => (
            <ExchangeCard key={at} exchange={exchangeOf(request)} />
          ))}
        </Part>
      )}
      {payload === undefined ? null : (
        <Part title={t('try.payload')}>
          <Json value={payload} />
        </Part>
      )}
      {changes.length === 0 ? null : (
        <Part title={t('editor.changes')}>
          <Cleaned changes={changes} />
        </Part>
      )}
      {identity === undefined ? null : (
        <Part title={t('try.identity')}>
          <Identified identity={identity} />
        </Part>
      )}
      <Part title={t('editor.trigger')}>
        <TriggerText trigger={trigger} />
        {trigger.holds ? null : <Because trigger={trigger} />}
      </Part>
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function verdictOf(result: TryResult, t: Translate): readonly [State, string] {
  const { outcome, matched, requests = [], skipped } = result;
  if (skipped?.code === 'filtered_by_integrations') return ['skipped', skipped.message];
  if (matched !== true) return ['skipped', t('serve.not.matched')];
  if (outcome === undefined) return ['delivered', t('serve.would.send', { count: requests.length })];
  if (outcome.status === 'delivered')
    return ['delivered', t(result.sent === true ? 'kit.state.delivered' : 'serve.nothing')];
  const state = outcome.status === 'retry' ? 'waiting' : outcome.status;
  return [state, `${t(`kit.state.${state}`)}: ${outcome.message}`];
}

function exchangeOf({ response, failure, body, ...request }: TriedRequest): ShownExchange {
  return {
    request: { ...request, body: textOf(body) },
    response: response && { status: response.status, body: textOf(response.body) },
    failure,
  };
}

function textOf(body: unknown): string | undefined {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
