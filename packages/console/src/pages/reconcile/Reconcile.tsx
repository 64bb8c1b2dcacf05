import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ApiError, type ReconciliationAnswer } from '@waybill/api';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Field } from '../../kit/Field.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason } from '../../kit/Remedy.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Days } from './Days.tsx';
import { Differences } from './Differences.tsx';
import sheet from '../../kit/Sheet.module.css';

/** The polling interval of the comparison, in milliseconds. */
const LOOK = 1_000;
const DAY = 86_400_000;

/** Compares the orders of a shop with their outcomes. */
export default function ReconcilePage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const t = useTexts();
  const client = useClient();
  const newest = useQuery({
    queryKey: ['reconcile', id],
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK : false),
    queryFn: async () => {
      try {
        return await client.get('/api/sources/:id/reconcile', { params: { id } });
      } catch (error) {
        // None yet.
        if (error instanceof ApiError && error.code === 'request_not_found') return null;
        throw error;
      }
    },
  });
  return (
    <>
      <p>
        <Link to="/sources/$id" params={{ id }}>
          ← {t('reconcile.back', { name: id })}
        </Link>
      </p>
      <h1>{t('reconcile.title')}</h1>
      <p>{t('reconcile.about')}</p>
      <Ask id={id} isRunning={newest.data?.state === 'running'} />
      {newest.isError ? <Failure error={newest.error} onRetry={() => void newest.refetch()} /> : null}
      {newest.data === undefined && !newest.isError ? <Loading /> : null}
      <div role="status">
        <Progress told={newest.data ?? undefined} />
      </div>
      {newest.data?.result === undefined ? null : (
        <>
          <Differences result={newest.data.result} />
          <Days result={newest.data.result} destination={newest.data.destination} />
        </>
      )}
    </>
  );
}

/** The form of a comparison. */
function Ask({ id, isRunning }: { readonly id: string; readonly isRunning: boolean }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [from, setFrom] = useState(() => dayBefore(7));
  const [to, setTo] = useState(() => dayBefore(0));
  const [file, setFile] = useState<File>();
  const [destination, setDestination] = useState('');
  const destinations = useQuery({
    queryKey: ['destinations'],
    queryFn: () => client.get('/api/destinations'),
  });
  const begin = useMutation({
    mutationFn: async () => {
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
      const body = {
        from: new Date(`${from}T00:00:00`).toISOString(),
        to: new Date(`${to}T23:59:59.999`).toISOString(),
        timeZone,
        ...(destination === '' ? {} : { destination }),
        ...(file === undefined ? {} : { ga4: await file.text() }),
      };
      return client.post('/api/sources/:id/reconcile', { params: { id }, body });
    },
    onSuccess: (told) => queries.setQueryData(['reconcile', id], told),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin.mutate();
  };
  return (
    <form className={`${sheet['card']} ${sheet['stack']}`} onSubmit={submit}>
      <div className={sheet['row']}>
        <TextField label={t('reconcile.from')} type="date" value={from} onChange={setFrom} required />
        <TextField label={t('reconcile.to')} type="date" value={to} onChange={setTo} required />
      </div>
      <Select
        label={t('reconcile.destination')}
        value={destination}
        onChange={setDestination}
        options={[
          ['', t('reconcile.destination.only')],
          ...(destinations.data ?? []).map(({ id: one, name = one }) => [one, name] as const),
        ]}
      />
      <Field
        label={t('reconcile.ga4')}
        hint={t('reconcile.ga4.hint')}
        input={(ties) => (
          <input
            {...ties}
            type="file"
            accept=".csv,text/csv"
            onChange={({ target }) => setFile(target.files?.[0])}
          />
        )}
      />
      <div className={sheet['row']}>
        <Button look="primary" type="submit" disabled={begin.isPending || isRunning}>
          {t('reconcile.begin')}
        </Button>
      </div>
      {begin.isError ? <Failure error={begin.error} /> : null}
    </form>
  );
}

function Progress({ told }: { readonly told: ReconciliationAnswer | undefined }): ReactNode {
  const t = useTexts();
  if (told?.failure !== undefined)
    return (
      <Reason code={told.failure.code}>
        {told.failure.message} <code>{told.failure.code}</code>
      </Reason>
    );
  if (told?.state === 'running') {
    const column = t(`reconcile.column.${told.doing ?? 'shop'}`);
    return <p>{t('reconcile.running', { column, read: told.read ?? 0 })}</p>;
  }
  if (told?.result === undefined) return null;
  const { differing, orders } = told.result;
  return <p>{t(differing === 0 ? 'reconcile.same' : 'reconcile.compared', { count: orders })}</p>;
}

/** Returns the date a number of days ago, in the time zone of the browser. */
function dayBefore(days: number): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' }).format(Date.now() - days * DAY);
}
