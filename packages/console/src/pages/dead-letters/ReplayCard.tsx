import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DeadLetterReplay } from '@waybill/api';
import { type ReactNode, useEffect } from 'react';
import { useFormat } from '../../format.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import styles from '../../kit/Sheet.module.css';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Items } from './Items.tsx';

/** The outcomes of one replay; its time is in the URL, so that it can be revisited. */
export function ReplayCard({ at }: { readonly at: number }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { moment } = useFormat();
  const replay = useQuery({
    queryKey: ['dead-letters', 'replay', at],
    queryFn: () => client.get('/api/dead-letters/replays/:at', { params: { at: String(at) } }),
    refetchInterval: (query) => (waitingOf(query.state.data) === 0 ? false : 1_000),
  });
  const { data } = replay;
  const waiting = waitingOf(data);
  useEffect(() => {
    // Items that were rejected again form groups.
    if (waiting === 0) void queries.invalidateQueries({ queryKey: ['dead-letters', 'groups'] });
  }, [queries, waiting]);
  return (
    <section aria-label={t('dead.replay.card')} className={styles['card']}>
      <h2>{t('dead.replay.of', { time: moment(at) })}</h2>
      {replay.isError && <Failure error={replay.error} onRetry={() => void replay.refetch()} />}
      {data !== undefined && (
        <>
          <Progress replay={data} waiting={waiting ?? 0} />
          <details>
            <summary>{t('dead.replay.items')}</summary>
            <Items filter={{ replayedAt: at }} label={t('dead.replay.items')} />
          </details>
        </>
      )}
    </section>
  );
}

/** The number of unfinished items; undefined while unknown. */
function waitingOf(replay: DeadLetterReplay | undefined): number | undefined {
  return replay?.outcomes.reduce((sum, { status, count }) => sum + (status === 'waiting' ? count : 0), 0);
}

function Progress({
  replay: { deadLetters, outcomes },
  waiting,
}: {
  readonly replay: DeadLetterReplay;
  readonly waiting: number;
}): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  const ended = deadLetters - waiting;
  return (
    <>
      <progress
        className={styles['progress']}
        aria-label={t('dead.replay.card')}
        value={ended}
        max={deadLetters}
      />
      <p role="status">
        {waiting === 0
          ? t('dead.replay.ended', { count: deadLetters })
          : t('dead.replay.progress', { ended: number(ended), count: deadLetters })}
      </p>
      <ul className={styles['plain']}>
        {outcomes.map(({ destination, mappingId, status, code, count }) => (
          <li key={`${destination} ${mappingId} ${status} ${code ?? ''}`} className={styles['row']}>
            <Badge state={status === 'forgotten' ? 'skipped' : status}>
              {number(count)} {t(status === 'forgotten' ? 'dead.replay.forgotten' : `kit.state.${status}`)}
            </Badge>
            <span>
              {destination} · {mappingId}
            </span>
            {code !== undefined && <code>{code}</code>}
            {status === 'rejected' && (
              <Link
                to="/dead-letters"
                search={{ destination, mappingId, ...(code === undefined ? {} : { code }) }}
              >
                {t('dead.replay.again')}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
