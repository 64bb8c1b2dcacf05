import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Start.module.css';

/** Milliseconds between two looks at how far a first run has come. */
const LOOK = 1_000;

/** The way from an empty folder to the first delivery. */
export default function Start(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const seen = useQuery({
    queryKey: ['start'],
    refetchInterval: LOOK,
    queryFn: async () => {
      const [sources, destinations, stats] = await Promise.all([
        client.get('/api/sources'),
        client.get('/api/destinations'),
        client.get('/api/stats'),
      ]);
      return {
        source: sources.length > 0,
        event: stats.events > 0,
        destination: destinations.some(({ enabled }) => enabled !== false),
        delivery: stats.destinations.some(({ delivered }) => delivered > 0),
      };
    },
  });
  if (seen.isError) return <Failure error={seen.error} onRetry={() => void seen.refetch()} />;
  if (seen.data === undefined) return <Loading />;
  const steps = ['source', 'event', 'destination', 'delivery'] as const;
  const done = seen.data;
  const command = `curl --user <write key>: ${location.origin}/v1/track --header 'content-type: application/json' --data '{"userId":"user-1","event":"Signed Up"}'`;
  return (
    <>
      <h1>{t('start.title')}</h1>
      <p>{steps.every((step) => done[step]) ? t('start.ready') : t('start.about')}</p>
      <ol aria-label={t('start.steps')} className={styles['steps']}>
        {steps.map((step) => (
          <li key={step} className={styles['step']}>
            <span>{t(`start.${step}`)}</span>
            <Badge state={done[step] ? 'delivered' : 'waiting'}>
              {t(done[step] ? 'start.done' : 'start.open')}
            </Badge>
          </li>
        ))}
      </ol>
      <h2>{t('start.send')}</h2>
      <p>{t('start.send.how')}</p>
      <Copy text={command} />
    </>
  );
}
