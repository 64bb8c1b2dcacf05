import type { Shape } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import sheet from '../../kit/Sheet.module.css';
import styles from './Source.module.css';

/** The polling interval of arrivals, in milliseconds. */
const LOOK = 3_000;

/** Paths of every event, already in its heading. */
const EVERYWHERE: readonly string[] = ['type', 'event', 'messageId', 'timestamp', 'receivedAt'];

function isOwn({ path }: Shape['paths'][number]): boolean {
  return !EVERYWHERE.includes(path);
}

/** The names of the events that a source has sent, each with its paths. */
export function Seen({ id, empty }: { readonly id: string; readonly empty: ReactNode }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const shapes = useQuery({
    queryKey: ['shapes', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/shapes', { query: { sourceId: id, limit: 100 } }),
  });
  if (shapes.isError) return <Failure error={shapes.error} />;
  if (shapes.data === undefined) return <Loading />;
  if (shapes.data.length === 0) return empty;
  return (
    <ul className={styles['seen']} aria-label={t('sources.seen')} tabIndex={0}>
      {shapes.data.map((shape) => (
        <li key={`${shape.type} ${shape.event}`}>
          <EventName shape={shape} />
        </li>
      ))}
    </ul>
  );
}

function EventName({ shape }: { readonly shape: Shape }): ReactNode {
  const t = useTexts();
  const { percent } = useFormat();
  const { sourceId, type, event, count, lastAt, paths } = shape;
  const named = event === '' ? {} : { event };
  return (
    <details>
      <summary>
        <strong className={styles['name']}>{event === '' ? type : event}</strong>
        {event === '' ? null : <span className={sheet['muted']}>{type}</span>}
        <span>{t('sources.seen.count', { count })}</span>
        <Time at={lastAt} />
      </summary>
      <p className={styles['link']}>
        <Link to="/events" search={{ source: sourceId, type, ...named }}>
          {t('sources.seen.events')}
        </Link>
      </p>
      <ul className={styles['paths']}>
        {paths.filter(isOwn).map(({ path, types, share, examples }) => (
          <li key={path}>
            <code>{path}</code> <span className={sheet['muted']}>{types.join(', ')}</span> {percent(share)}{' '}
            {examples.length === 0 ? null : (
              <span>
                {examples
                  .slice(0, 3)
                  .map((one) => JSON.stringify(one))
                  .join(', ')}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
