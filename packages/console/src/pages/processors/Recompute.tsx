import type { Recomputation } from '@waybill/api';
import { ApiError } from '@waybill/api/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json } from '../../kit/Json.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import fields from '../../kit/Field.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Processor.module.css';

/** The polling interval of a recomputation, in milliseconds. */
const LOOK = 500;

interface Ask {
  readonly from?: string;
  readonly keep: boolean;
}

/** Recomputes the states of a processor: shows the differences before they are applied. */
export function Recompute({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const queryKey = ['processors', id, 'recompute'];
  const standing = useQuery({
    queryKey,
    queryFn: async () => {
      try {
        return await client.get('/api/processors/:id/recompute', { params: { id } });
      } catch (error) {
        if (error instanceof ApiError && error.code === 'request_not_found') return null;
        throw error;
      }
    },
    refetchInterval: ({ state: { data } }) =>
      (data ?? undefined) === undefined || data?.phase === 'ready' ? false : LOOK,
  });
  const told = (next: Recomputation | null): void => void queries.setQueryData(queryKey, next);
  const begin = useMutation({
    mutationFn: (body: Ask) => client.post('/api/processors/:id/recompute', { params: { id }, body }),
    onSuccess: told,
  });
  const apply = useMutation({
    mutationFn: () => client.post('/api/processors/:id/recompute/apply', { params: { id } }),
    onSuccess: told,
  });
  const cancel = useMutation({
    mutationFn: () => client.delete('/api/processors/:id/recompute', { params: { id } }),
    onSuccess: () => told(null),
  });
  const failed = [standing, begin, apply, cancel].find(({ isError }) => isError);
  const data = standing.data ?? undefined;
  return (
    <>
      <p>{t('processors.recompute.about')}</p>
      {failed === undefined ? null : <Failure error={failed.error} />}
      {data === undefined ? (
        <Begin
          isBusy={begin.isPending}
          note={apply.isSuccess ? t('processors.recompute.applied') : undefined}
          onBegin={(asked) => {
            apply.reset();
            begin.mutate(asked);
          }}
        />
      ) : (
        <>
          <Compared told={data} />
          <div className={sheet['row']}>
            <Button
              look="primary"
              disabled={data.phase !== 'ready' || apply.isPending}
              onClick={() => apply.mutate()}
            >
              {t('processors.recompute.apply')}
            </Button>
            <Button disabled={data.phase === 'applying' || cancel.isPending} onClick={() => cancel.mutate()}>
              {t('processors.recompute.cancel')}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

/** The form to start a recomputation. */
function Begin({
  isBusy,
  note,
  onBegin,
}: {
  readonly isBusy: boolean;
  readonly note: string | undefined;
  readonly onBegin: (asked: Ask) => void;
}): ReactNode {
  const t = useTexts();
  const [from, setFrom] = useState('');
  const [keep, setKeep] = useState(false);
  return (
    <form
      className={sheet['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        onBegin({ keep, ...(from === '' ? {} : { from: new Date(from).toISOString() }) });
      }}
    >
      <TextField
        type="datetime-local"
        label={t('processors.recompute.from')}
        value={from}
        onChange={setFrom}
      />
      <div className={fields['field']}>
        <Switch label={t('processors.recompute.keep')} checked={keep} onChange={setKeep} />
        <span className={fields['hint']}>{t('processors.recompute.keep.hint')}</span>
      </div>
      <div className={sheet['row']}>
        <Button type="submit" disabled={isBusy}>
          {t('processors.recompute.begin')}
        </Button>
        <span role="status">{note}</span>
      </div>
    </form>
  );
}

/** The progress of a recomputation, and its differences. */
function Compared({ told }: { readonly told: Recomputation }): ReactNode {
  const t = useTexts();
  const { phase, events, users, differing, examples } = told;
  const says = {
    reading: () => t('processors.recompute.reading', { count: events }),
    comparing: () => t('processors.recompute.comparing', { count: users }),
    applying: () => t('processors.recompute.applying'),
    ready: () => t('processors.recompute.ready', { count: differing, users }),
  };
  return (
    <>
      <p role="status">{says[phase]()}</p>
      <ul className={sheet['plain']}>
        {examples.map(({ user, before, after }) => (
          <li key={user} className={sheet['entry']}>
            <code>{user}</code>
            <div className={styles['compared']}>
              <div>
                <h3>{t('processors.recompute.before')}</h3>
                {before === undefined ? t('processors.recompute.nothing') : <Json value={before} />}
              </div>
              <div>
                <h3>{t('processors.recompute.after')}</h3>
                {after === undefined ? t('processors.recompute.nothing') : <Json value={after} />}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
