import { useQuery } from '@tanstack/react-query';
import type { Tried } from '@waybill/api';
import type { ReactNode } from 'react';
import { type Change, outlookOf } from '../../editor/outlook.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { STATES, wordOf } from './DryRunRows.tsx';
import styles from './Mapping.module.css';
import type { Editing, Place } from './use-editing.ts';

/** The number of events of the outlook. */
const LAST = 100;

/** The outcomes of the newest events with the draft, and with the current mapping. Nothing is sent. */
export function Outlook({ editing, place }: { readonly editing: Editing; readonly place: Place }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { config: mapping } = editing;
  const found = useQuery({
    queryKey: ['outlook', place.id, mapping],
    gcTime: 0,
    retry: false,
    queryFn: () =>
      client.post('/api/destinations/:id/try', {
        params: { id: place.id },
        body: { mapping, sample: { last: LAST }, against: 'live', brief: true },
      }),
  });
  return (
    <section aria-label={t('try.outlook')} className={styles['ends']}>
      <h2>{t('try.outlook')}</h2>
      {found.isPending ? <Loading /> : null}
      {found.isError ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data === undefined ? null : (
        <Ends tried={found.data} isNew={editing.stored.live === undefined} />
      )}
    </section>
  );
}

function Ends({ tried, isNew }: { readonly tried: Tried; readonly isNew: boolean }): ReactNode {
  const t = useTexts();
  const { totals, complete } = tried;
  if (totals.events === 0) return <p>{t('try.outlook.none')}</p>;
  return (
    <>
      <p>
        {t('try.outlook.of', { count: totals.events, changed: totals.changed ?? 0 })}{' '}
        {isNew ? t('try.outlook.new') : null}
      </p>
      <table className={styles['outlook']}>
        <thead>
          <tr>
            <th scope="col">{t('try.end')}</th>
            <th scope="col">{t('try.outlook.before')}</th>
            <th scope="col">{t('try.outlook.after')}</th>
          </tr>
        </thead>
        <tbody>
          {outlookOf(totals).map((one) => (
            <End key={`${one.outcome} ${one.code ?? ''}`} change={one} />
          ))}
        </tbody>
      </table>
      {complete ? null : <p className={styles['muted']}>{t('try.incomplete')}</p>}
    </>
  );
}

function End({ change: { outcome, code, before, after } }: { readonly change: Change }): ReactNode {
  const t = useTexts();
  return (
    <tr className={before === after ? '' : styles['differs']}>
      <th scope="row">
        <Badge state={STATES[outcome]}>{wordOf(code, t)}</Badge>
      </th>
      <td>{before}</td>
      <td>
        {after}
        {before === after ? null : ` (${after > before ? '+' : '−'}${Math.abs(after - before)})`}
      </td>
    </tr>
  );
}
