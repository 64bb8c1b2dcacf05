import type { Violation } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge, type State } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import list from '../../kit/List.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Source.module.css';

/** The polling interval of violations, in milliseconds. */
const LOOK = 3_000;

const STATES: Readonly<Record<Violation['done'], State>> = {
  allowed: 'delivered',
  omitted: 'skipped',
  blocked: 'refused',
};

/** The violations of a tracking plan: frequency, path, rule, and action. */
export function Violations({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  return (
    <section aria-labelledby="violations">
      <h2 id="violations">{t('sources.violations')}</h2>
      <List id={id} />
    </section>
  );
}

function List({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const violations = useQuery({
    queryKey: ['violations', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/sources/:id/violations', { params: { id }, query: { limit: 50 } }),
  });
  if (violations.isError) return <Failure error={violations.error} />;
  if (violations.data === undefined) return <Loading />;
  if (violations.data.length === 0) return <p>{t('sources.violations.none')}</p>;
  return (
    <ul className={list['list']} aria-label={t('sources.violations')}>
      {violations.data.map(({ code, path, rule, keyword, done, message, remedy, count, lastAt }) => (
        <li key={`${code} ${path} ${rule} ${keyword} ${done}`} className={styles['refusal']}>
          <div className={sheet['row']}>
            <Badge state={STATES[done]}>{t(`sources.violations.${done}`)}</Badge>
            <strong>{t('sources.violations.count', { count })}</strong>
            <code>{rule}</code>
            <Time at={lastAt} />
          </div>
          <Reason code={code}>{message}</Reason>
          <p>
            <strong>{t('kit.failure.remedy')}:</strong> <Remedy code={code}>{remedy}</Remedy>
          </p>
        </li>
      ))}
    </ul>
  );
}
