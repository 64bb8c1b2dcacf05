import type { AnswerOf, DeletionRecord } from '@waybill/api';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Settings.module.css';

const STATES = {
  delivered: 'delivered',
  skipped: 'skipped',
  rejected: 'rejected',
  retry: 'waiting',
} as const;

/** Entries that are loaded at a time. */
const PAGE = 50;

/** The result of a deletion at one destination. */
export function Answer({
  answer: { destination, outcome },
}: {
  readonly answer: AnswerOf<'POST /api/deletions'>[number];
}): ReactNode {
  return (
    <li>
      <Badge state={STATES[outcome.status]} /> <code>{destination}</code>{' '}
      {'message' in outcome ? outcome.message : null}{' '}
      {'code' in outcome && outcome.code !== undefined ? <code>{outcome.code}</code> : null}
    </li>
  );
}

/** Who was deleted where and when, and whose events are refused since. */
export function Deletions(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const found = useInfiniteQuery({
    queryKey: ['deletions'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) =>
      client.get('/api/deletions', { query: { limit: PAGE, ...(before === undefined ? {} : { before }) } }),
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.id),
  });
  const records = found.data?.pages.flat() ?? [];
  return (
    <section>
      <h2>{t('settings.deletions.title')}</h2>
      {found.isError ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading /> : null}
      {found.isSuccess && records.length === 0 ? <p>{t('settings.deletions.none')}</p> : null}
      {records.length === 0 ? null : (
        <ol className={styles['entries']} aria-label={t('settings.deletions.title')}>
          {records.map((record, at) => (
            <Entry key={record.id} record={record} isLast={isLast(record, records.slice(0, at))} />
          ))}
        </ol>
      )}
      {found.hasNextPage ? (
        <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('settings.deletions.older')}
        </Button>
      ) : null}
    </section>
  );
}

type Names = Pick<DeletionRecord, 'userId' | 'email' | 'anonymousId'>;

function namesOf({ userId, email, anonymousId }: Names): readonly string[] {
  return [userId, email, anonymousId].filter((one) => one !== undefined);
}

/** Whether nothing newer says otherwise of the same user. */
function isLast(record: DeletionRecord, newer: readonly DeletionRecord[]): boolean {
  const names = namesOf(record);
  return !newer.some((one) => namesOf(one).some((name) => names.includes(name)));
}

function Entry({ record, isLast }: { readonly record: DeletionRecord; readonly isLast: boolean }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { kind, at, by, suppressed, destinations, userId, email, anonymousId } = record;
  const name = namesOf(record).join(', ');
  const lift = useMutation({
    mutationFn: () =>
      client.post('/api/deletions/lift', {
        body: {
          ...(userId === undefined ? {} : { userId }),
          ...(email === undefined ? {} : { email }),
          ...(anonymousId === undefined ? {} : { anonymousId }),
        },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deletions'] }),
  });
  return (
    <li className={styles['entry']}>
      <div className={styles['who']}>
        <Time at={at} /> <strong>{name}</strong> {t(`settings.deletions.${kind}`)}
        {suppressed ? `, ${t('settings.deletions.refused')}` : null}{' '}
        <span className={styles['muted']}>{t('settings.deletions.by', { name: by })}</span>
      </div>
      {kind === 'deleted' && destinations === undefined ? <p>{t('settings.deletions.open')}</p> : null}
      {destinations === undefined || destinations.length === 0 ? null : (
        <ul className={styles['writes']}>
          {destinations.map((answer) => (
            <Answer key={answer.destination} answer={answer} />
          ))}
        </ul>
      )}
      {suppressed && isLast ? (
        <Button disabled={lift.isPending} onClick={() => lift.mutate()}>
          {t('settings.deletions.lift', { name })}
        </Button>
      ) : null}
      {lift.isError ? <Failure error={lift.error} /> : null}
    </li>
  );
}
