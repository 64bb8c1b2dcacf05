import { useNavigate, useSearch } from '@tanstack/react-router';
import { errorEntry, type Issue } from '@waybill/core';
import type { ReactNode } from 'react';
import type { Judgement } from '../../editor/judge.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json } from '../../kit/Json.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { useTexts } from '../../preferences.ts';
import { Cleaned } from './Cleaned.tsx';
import { Compared } from './Compared.tsx';
import styles from './Mapping.module.css';
import { useShown } from './use-shown.ts';
import { Outgoing, Served } from './Outgoing.tsx';
import type { ServerTry } from './use-try.ts';

/** The result of the mapping for the sample event, and for all loaded events. Nothing is sent. */
export function Result({
  judgement,
  failure,
  hasEvent,
  server,
  send,
  children,
}: {
  readonly judgement: Judgement | undefined;
  readonly failure: string | undefined;
  readonly hasEvent: boolean;
  readonly server: ServerTry;
  /** The button that sends the sample event. */
  readonly send: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const t = useTexts();
  const matches = judgement?.truths[0]?.holds === true;
  return (
    <section role="region" aria-label={t('editor.result')} className={styles['pane']}>
      <h2>{t('editor.result')}</h2>
      {failure === undefined ? null : <Failure error={new Error(failure)} />}
      {judgement === undefined || !hasEvent || judgement.broken !== undefined ? null : matches ? (
        <One judgement={judgement} server={server} send={send} />
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

const TABS = ['payload', 'request', 'against'] as const;

function One({
  judgement,
  server,
  send,
}: {
  readonly judgement: Judgement;
  readonly server: ServerTry;
  readonly send: ReactNode;
}): ReactNode {
  const t = useTexts();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { readonly result?: string };
  const tab = TABS.find((one) => one === search.result) ?? 'payload';
  // Only the server knows the user at the destination.
  const said = server.isOld ? [] : (server.tried?.issues ?? []);
  const issues = judgement.issues.length > 0 ? judgement.issues : said;
  const content = {
    payload: <Payload judgement={judgement} />,
    request: (
      <>
        <Served server={server} show={(tried) => <Outgoing tried={tried} />} />
        {send}
      </>
    ),
    against: <Served server={server} show={(tried) => <Compared tried={tried} />} />,
  };
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
      <Tabs
        label={t('try.parts')}
        selected={tab}
        onSelect={(next) =>
          void navigate({
            to: '.',
            search: { ...search, result: next },
            replace: true,
            resetScroll: false,
          })
        }
        items={TABS.map((id) => ({ id, label: t(`try.${id}`), content: content[id] }))}
      />
    </>
  );
}

function Payload({ judgement: { payload, changes } }: { readonly judgement: Judgement }): ReactNode {
  const t = useTexts();
  const { show } = useShown();
  return (
    <>
      <Json value={payload} onPoint={([field]) => field !== undefined && show({ tab: 'fields', field })} />
      {changes.length === 0 ? null : (
        <>
          <h3>{t('editor.changes')}</h3>
          <Cleaned changes={changes} />
        </>
      )}
    </>
  );
}

/** A reason, with its remedy. */
function Refusal({ issue }: { readonly issue: Issue }): ReactNode {
  return (
    <li>
      <Reason code={issue.code} className={styles['problem']}>
        {issue.message} <code>{issue.code}</code>
      </Reason>
      <p className={styles['muted']}>
        <Remedy code={issue.code}>{errorEntry(issue.code)?.remedy}</Remedy>
      </p>
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
