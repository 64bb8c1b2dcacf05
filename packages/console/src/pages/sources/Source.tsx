import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from '../../kit/List.module.css';

/** Milliseconds between two looks at what has arrived. */
const LOOK = 3_000;

/** One source: whether it takes events, what has arrived from it, and what was refused. */
export default function Source(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const [failure, setFailure] = useState<unknown>();
  const source = useQuery({
    queryKey: ['sources', id],
    queryFn: () => client.call('GET /api/sources/:id', { params: { id } }),
  });
  if (source.isError) return <Failure error={source.error} onRetry={() => void source.refetch()} />;
  if (source.data === undefined) return <Loading />;
  const { body, version } = source.data;
  const enable = async (enabled: boolean): Promise<void> => {
    setFailure(undefined);
    try {
      await client.put('/api/sources/:id', {
        params: { id },
        body: { ...body, enabled },
        ifMatch: version ?? '*',
      });
    } catch (error) {
      setFailure(error);
    }
    await queries.invalidateQueries({ queryKey: ['sources'] });
  };
  return (
    <>
      <p>
        <Link to="/sources">← {t('sources.all')}</Link>
      </p>
      <h1>{body.name ?? id}</h1>
      <p>
        <Copy text={id} />
      </p>
      <Switch
        label={t('sources.enabled')}
        checked={body.enabled !== false}
        onChange={(on) => void enable(on)}
      />
      {failure === undefined ? null : <Failure error={failure} />}
      <p>{t('sources.key.kept')}</p>
      <h2>{t('sources.seen')}</h2>
      <Seen id={id} />
      <h2>{t('sources.refusals')}</h2>
      <Refusals id={id} />
    </>
  );
}

function Seen({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const shapes = useQuery({
    queryKey: ['shapes', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/shapes', { query: { sourceId: id } }),
  });
  if (shapes.isError) return <Failure error={shapes.error} />;
  if (shapes.data === undefined) return <Loading />;
  if (shapes.data.length === 0) return <p>{t('sources.seen.none')}</p>;
  return (
    <ul className={styles['list']} aria-label={t('sources.seen')}>
      {shapes.data.map(({ type, event, count, lastAt }) => (
        <li key={`${type} ${event}`} className={styles['row']}>
          <strong>{event === '' ? type : event}</strong>
          <span>{type}</span>
          <span>
            {t('sources.seen.count')}: {count}
          </span>
          <Time at={lastAt} />
        </li>
      ))}
    </ul>
  );
}

function Refusals({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const refusals = useQuery({
    queryKey: ['refusals'],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/refusals', { query: { limit: 100 } }),
  });
  if (refusals.isError) return <Failure error={refusals.error} />;
  if (refusals.data === undefined) return <Loading />;
  const own = refusals.data.filter(({ sourceId }) => sourceId === id);
  if (own.length === 0) return <p>{t('sources.refusals.none')}</p>;
  return (
    <ul className={styles['list']} aria-label={t('sources.refusals')}>
      {own.map(({ at, messageId, issues }, index) => (
        <li key={index} className={styles['row']}>
          <Time at={at} />
          {messageId === undefined ? null : <code>{messageId}</code>}
          <span className={styles['issues']}>
            {issues.map(({ code, path, message }) => `${code} ${path} ${message}`).join(' ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
