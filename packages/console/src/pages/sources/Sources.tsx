import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { CreateSource } from './CreateSource.tsx';
import styles from '../../kit/List.module.css';
import own from './Source.module.css';

/** The polling interval of arrivals, in milliseconds. */
const LOOK = 5_000;

/** The sources, and adding one. */
export default function Sources(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [creating, setCreating] = useState(false);
  const sources = useQuery({ queryKey: ['sources'], queryFn: () => client.get('/api/sources') });
  const shapes = useQuery({
    queryKey: ['shapes'],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/shapes', { query: { limit: 1_000 } }),
  });
  if (sources.isError) return <Failure error={sources.error} onRetry={() => void sources.refetch()} />;
  if (sources.data === undefined) return <Loading />;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t('sources.create')}
    </Button>
  );
  const lastOf = (id: string): number =>
    Math.max(0, ...(shapes.data ?? []).flatMap((one) => (one.sourceId === id ? [one.lastAt] : [])));
  return (
    <>
      <div className={styles['top']}>
        <h1>{t('sources.title')}</h1>
        {sources.data.length === 0 ? null : create}
      </div>
      {sources.data.length === 0 ? (
        <Empty title={t('sources.none')}>{create}</Empty>
      ) : (
        <ul className={styles['list']} aria-label={t('sources.title')}>
          {sources.data.map(({ id, name, type = 'tracking', enabled = true }) => (
            <li key={id} className={own['row']}>
              <Link to="/sources/$id" params={{ id }}>
                <strong>{name ?? id}</strong>
              </Link>
              <code>{id}</code>
              <span>{type}</span>
              <span>
                {lastOf(id) === 0 ? (
                  t('sources.silent')
                ) : (
                  <>
                    {t('sources.seen.last')} <Time at={lastOf(id)} />
                  </>
                )}
              </span>
              <Badge state={enabled ? 'delivered' : 'skipped'}>
                {t(enabled ? 'state.on' : 'sources.paused')}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {creating ? <CreateSource onClose={() => setCreating(false)} /> : null}
    </>
  );
}
