import type { Refusal } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import list from '../../kit/List.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Source.module.css';

/** The polling interval of refusals, in milliseconds. */
const LOOK = 3_000;

/** The refused events of a source: why, where, and what to do. */
export function Refusals({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const refusals = useQuery({
    queryKey: ['refusals', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/refusals', { query: { limit: 50, sourceId: id } }),
  });
  if (refusals.isError) return <Failure error={refusals.error} />;
  if (refusals.data === undefined) return <Loading />;
  if (refusals.data.length === 0) return <p>{t('sources.refusals.none')}</p>;
  return (
    <ul className={list['list']} aria-label={t('sources.refusals')}>
      {refusals.data.map((one, index) => (
        <li key={index} className={styles['refusal']}>
          <Refused refusal={one} />
        </li>
      ))}
    </ul>
  );
}

function Refused({
  refusal: { at, path, messageId, issues, remedy },
}: {
  readonly refusal: Refusal;
}): ReactNode {
  const t = useTexts();
  return (
    <>
      <div className={sheet['row']}>
        <Badge state="refused">{issues[0]?.code}</Badge>
        <Time at={at} />
        <code>{path}</code>
        {messageId === undefined ? null : <code>{messageId}</code>}
      </div>
      {issues.map((issue, index) => (
        <Reason key={index} code={issue.code}>
          {issue.path === '' ? null : <code>{issue.path}</code>} {issue.message}
          {issue.offset === undefined ? null : ` ${t('sources.refusals.offset', { offset: issue.offset })}`}
        </Reason>
      ))}
      {remedy === undefined ? null : (
        <p>
          <strong>{t('kit.failure.remedy')}:</strong> <Remedy code={issues[0]?.code ?? ''}>{remedy}</Remedy>
        </p>
      )}
    </>
  );
}
