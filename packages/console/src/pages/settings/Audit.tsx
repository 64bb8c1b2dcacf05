import type { Change } from '@waybill/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Differences } from './Differences.tsx';
import styles from './Settings.module.css';

/** Entries that are loaded at a time. */
const PAGE = 50;
/** The id of the first entry there ever was. */
const FIRST = 1;
/** What remembers which file was applied last: nothing that anybody changes. */
const FILE = 'file';

/** Every change, the newest first, with what it changed. */
export function Audit(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) =>
      client.get('/api/audit', { query: { limit: PAGE, ...(before === undefined ? {} : { before }) } }),
    // A page may end before its limit; only an empty one is the last.
    getNextPageParam: (last) => (last.at(-1)?.id === FIRST ? undefined : last.at(-1)?.id),
  });
  if (audit.isError) return <Failure error={audit.error} onRetry={() => void audit.refetch()} />;
  if (audit.data === undefined) return <Loading />;
  const changes = audit.data.pages.flat();
  if (changes.length === 0)
    return <Empty title={t('settings.audit.none')}>{t('settings.audit.none.next')}</Empty>;
  return (
    <>
      <p>{t('settings.audit.about')}</p>
      <ol className={styles['entries']} aria-label={t('settings.tab.audit')}>
        {changes.map((change) => (
          <Entry key={change.id} change={change} />
        ))}
      </ol>
      {audit.hasNextPage ? (
        <Button disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {t('settings.audit.older')}
        </Button>
      ) : (
        <p className={styles['muted']}>{t('settings.audit.end')}</p>
      )}
    </>
  );
}

function Entry({ change }: { readonly change: Change }): ReactNode {
  const t = useTexts();
  const { at, by, from, note, writes } = change;
  const whole = writes.find(({ name }) => name === 'workspace');
  const named = writes.filter(({ name }) => name !== FILE);
  // Every change of a part is also one of the whole, which is only shown when there is nothing else.
  const parts = named.length > 1 ? named.filter((one) => one !== whole) : named;
  return (
    <li className={styles['entry']}>
      <div className={styles['who']}>
        <Time at={at} /> <strong>{by}</strong>{' '}
        <span className={styles['muted']}>{t('settings.audit.from', { address: from })}</span>
      </div>
      <ul className={styles['writes']}>
        {parts.map(({ name, before, after }) => {
          const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
          return (
            <li key={name}>
              {t(`settings.audit.${what}`)} <code>{readable(name)}</code>
            </li>
          );
        })}
        {writes.length > 0 || note === undefined ? null : (
          <li>
            {t('settings.audit.called')} <code>{note}</code>
          </li>
        )}
      </ul>
      {writes.length > 0 && note !== undefined ? <p className={styles['note']}>{note}</p> : null}
      {whole?.before === undefined || whole.after === undefined ? null : (
        <Difference from={whole.before} to={whole.after} />
      )}
    </li>
  );
}

/** Asked for when it is opened. */
function Difference({ from, to }: { readonly from: number; readonly to: number }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [open, setOpen] = useState(false);
  const found = useQuery({
    queryKey: ['workspace-diff', from, to],
    queryFn: () => client.get('/api/workspace/diff', { query: { from, to } }),
    enabled: open,
    staleTime: Infinity,
  });
  const changes = found.data?.changes;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('settings.audit.difference')}</summary>
      {found.isError ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {open && found.isPending ? <Loading /> : null}
      {changes?.length === 0 ? <p>{t('settings.audit.same')}</p> : null}
      {changes === undefined || changes.length === 0 ? null : <Differences changes={changes} />}
    </details>
  );
}

function readable(name: string): string {
  return name.split('/').map(decodeURIComponent).join('/');
}
