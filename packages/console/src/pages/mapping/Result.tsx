import { errorEntry, type Issue } from '@waybill/core';
import type { ReactNode } from 'react';
import type { Judgement } from '../../editor/judge.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json } from '../../kit/Json.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** What the mapping makes of the sample event, and of all events at hand. Nothing is sent. */
export function Result({
  judgement,
  failure,
  hasEvent,
  children,
}: {
  readonly judgement: Judgement | undefined;
  readonly failure: string | undefined;
  readonly hasEvent: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const t = useTexts();
  const matches = judgement?.truths[0]?.holds === true;
  return (
    <section role="region" aria-label={t('editor.result')} className={styles['pane']}>
      <h2>{t('editor.result')}</h2>
      {failure === undefined ? null : <Failure error={new Error(failure)} />}
      {judgement === undefined || !hasEvent || judgement.broken !== undefined ? null : matches ? (
        <One judgement={judgement} />
      ) : (
        <div className={styles['verdict']}>
          <Badge state="skipped">{t('editor.matches.not')}</Badge>
        </div>
      )}
      {judgement === undefined ? null : <Totals judgement={judgement} />}
      {children}
    </section>
  );
}

function One({ judgement }: { readonly judgement: Judgement }): ReactNode {
  const t = useTexts();
  const { payload, changes, issues } = judgement;
  return (
    <>
      <div className={styles['verdict']}>
        <Badge state={issues.length === 0 ? 'delivered' : 'rejected'}>
          {t(issues.length === 0 ? 'editor.matches' : 'editor.would.reject')}
        </Badge>
      </div>
      {issues.length === 0 ? null : (
        <ul className={styles['plain']}>
          {issues.map((issue) => (
            <Refusal key={`${issue.code} ${issue.path}`} issue={issue} />
          ))}
        </ul>
      )}
      <h3>{t('editor.payload')}</h3>
      <Json value={payload} />
      {changes.length === 0 ? null : (
        <>
          <h3>{t('editor.changes')}</h3>
          <ul>
            {changes.map(({ path, what, from, to }) => (
              <li key={path}>
                {t(what === 'coerced' ? 'editor.change.coerced' : 'editor.change.removed', {
                  path,
                  from: JSON.stringify(from) ?? '',
                  to: JSON.stringify(to) ?? '',
                })}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** One reason, with what to do about it. */
function Refusal({ issue }: { readonly issue: Issue }): ReactNode {
  return (
    <li>
      <p className={styles['problem']}>
        {issue.message} <code>{issue.code}</code>
      </p>
      <p className={styles['muted']}>{errorEntry(issue.code)?.remedy}</p>
    </li>
  );
}

function Totals({ judgement }: { readonly judgement: Judgement }): ReactNode {
  const t = useTexts();
  const { events, matched, ready, rejected } = judgement.totals;
  return (
    <p role="status" className={styles['muted']}>
      {t('editor.totals', { matched, total: events, ready })}
      {Object.entries(rejected).map(([code, count]) => (
        <span key={code}> · {t('editor.totals.rejected', { code, count })}</span>
      ))}
    </p>
  );
}
