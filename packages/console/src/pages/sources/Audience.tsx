import type { Audience as Standing, AudienceDryRun } from '@waybill/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import list from '../../kit/List.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Source.module.css';

/** The interval of polling the status of the source, in milliseconds. */
const LOOK = 2_000;

type Counted = Pick<AudienceDryRun, 'counts' | 'rows' | 'before'>;

/** An audience source: its last run, what a run would do, and a run that waits for a word. */
export function Audience({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const params = { id };
  const standing = useQuery({
    queryKey: ['audience', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/sources/:id/audience', { params }),
  });
  const onSettled = (): Promise<void> => queries.invalidateQueries({ queryKey: ['audience', id] });
  const dry = useMutation({ mutationFn: () => client.post('/api/sources/:id/audience/dry-run', { params }) });
  const run = useMutation({
    mutationFn: () => client.post('/api/sources/:id/audience/run', { params, body: {} }),
    onSettled,
  });
  const confirm = useMutation({
    mutationFn: (held: number) =>
      client.post('/api/sources/:id/audience/confirm', { params, body: { run: held } }),
    onSettled,
  });
  if (standing.isError) return <Failure error={standing.error} />;
  if (standing.data === undefined) return <Loading />;
  const { held } = standing.data;
  return (
    <section aria-labelledby="audience">
      <h2 id="audience">{t('audience.title')}</h2>
      <How standing={standing.data} />
      <div className={sheet['row']}>
        <Button onClick={() => dry.mutate()} disabled={dry.isPending}>
          {dry.isPending ? t('audience.dry.going') : t('audience.dry')}
        </Button>
        <Button onClick={() => run.mutate()} disabled={run.isPending}>
          {t('audience.run')}
        </Button>
      </div>
      {run.isError ? <Failure error={run.error} /> : null}
      {dry.isError ? <Failure error={dry.error} /> : null}
      <div role="status">{dry.data === undefined ? null : <Would dry={dry.data} />}</div>
      {held === undefined ? null : (
        <section aria-labelledby="held">
          <h3 id="held">{t('audience.held', { run: held.run })}</h3>
          <p>{t('audience.held.about')}</p>
          <Counts of={held} />
          <Samples samples={held.samples} />
          <Button onClick={() => confirm.mutate(held.run)} disabled={confirm.isPending}>
            {t('audience.confirm', { removed: held.counts.removed })}
          </Button>
          {confirm.isError ? <Failure error={confirm.error} /> : null}
        </section>
      )}
    </section>
  );
}

function How({ standing }: { readonly standing: Standing }): ReactNode {
  const t = useTexts();
  const { last, sending, failure } = standing;
  const { added = 0, changed = 0, removed = 0 } = sending?.counts ?? {};
  const total = added + changed + removed;
  return (
    <>
      {last === undefined ? (
        <p>{t('audience.none')}</p>
      ) : (
        <>
          <p>
            {t('audience.last', { run: last.run })} <Time at={last.at} absolute />
          </p>
          <Counts of={last} />
        </>
      )}
      {sending === undefined ? null : (
        <p>
          <progress
            className={sheet['progress']}
            aria-label={t('audience.sending', { run: sending.run })}
            value={sending.sent}
            max={Math.max(1, total)}
          />{' '}
          {t('audience.sent', { sent: sending.sent, total })}
        </p>
      )}
      {failure === undefined ? null : (
        <>
          <Reason code={failure.code}>
            {failure.message} <code>{failure.code}</code>
          </Reason>
          {failure.remedy === undefined ? null : (
            <p>
              <Remedy code={failure.code}>{failure.remedy}</Remedy>
            </p>
          )}
        </>
      )}
    </>
  );
}

/** What a run would do. */
function Would({ dry }: { readonly dry: AudienceDryRun }): ReactNode {
  const t = useTexts();
  return (
    <>
      <h3>{t('audience.would')}</h3>
      <Counts of={dry} />
      {dry.held ? <p>{t('audience.would.wait')}</p> : null}
      <Samples samples={dry.samples} />
    </>
  );
}

function Counts({ of: { counts, rows, before } }: { readonly of: Counted }): ReactNode {
  const t = useTexts();
  return <p>{t('audience.counts', { ...counts, rows, before })}</p>;
}

function Samples({ samples }: Pick<AudienceDryRun, 'samples'>): ReactNode {
  const t = useTexts();
  if (samples.length === 0) return null;
  return (
    <ul className={list['list']} aria-label={t('audience.samples')}>
      {samples.map(({ kind, key, row }) => (
        <li key={`${kind} ${key}`} className={styles['refusal']}>
          <div className={sheet['row']}>
            <Badge state={kind === 'removed' ? 'rejected' : 'delivered'}>{t(`audience.kind.${kind}`)}</Badge>
            <strong>{key}</strong>
          </div>
          <code>{JSON.stringify(row)}</code>
        </li>
      ))}
    </ul>
  );
}
