import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import list from '../../kit/List.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Destination.module.css';

/** The audiences of a destination with their IDs there; an ID can be set or removed. */
export function KeptAudiences({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const params = { id };
  const queryKey = ['kept-audiences', id];
  const kept = useQuery({
    queryKey,
    queryFn: () => client.get('/api/destinations/:id/audiences', { params }),
  });
  const forget = useMutation({
    mutationFn: (audience: string) =>
      client.post('/api/destinations/:id/audiences/forget', { params, body: { id: audience } }),
    onSuccess: (now) => queries.setQueryData(queryKey, now),
  });
  return (
    <>
      <p>{t('audience.kept.about')}</p>
      {kept.isError ? <Failure error={kept.error} onRetry={() => void kept.refetch()} /> : null}
      {kept.data?.length === 0 ? <p>{t('audience.kept.none')}</p> : null}
      <ul className={list['list']} aria-labelledby="audiences">
        {(kept.data ?? []).map(({ id: audience, key = audience, externalId, isSet }) => (
          <li key={audience} className={sheet['row']}>
            <strong>{key}</strong>
            {key === audience ? null : <code>{audience}</code>}
            <code>{externalId}</code>
            {isSet === true ? <span>{t('audience.kept.isSet')}</span> : null}
            <Button
              look="quiet"
              aria-label={t('audience.kept.forget.of', { name: key })}
              disabled={forget.isPending}
              onClick={() => forget.mutate(audience)}
            >
              {t('audience.kept.forget')}
            </Button>
          </li>
        ))}
      </ul>
      {forget.isError ? <Failure error={forget.error} /> : null}
      <SetOne id={id} queryKey={queryKey} />
    </>
  );
}

/** The form for the ID of an audience that already exists at the destination. */
function SetOne({ id, queryKey }: { readonly id: string; readonly queryKey: readonly string[] }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [audience, setAudience] = useState('');
  const [externalId, setExternalId] = useState('');
  const set = useMutation({
    mutationFn: () => {
      const body = { id: audience.trim(), externalId: externalId.trim() };
      return client.post('/api/destinations/:id/audiences/set', { params: { id }, body });
    },
    onSuccess(now) {
      setAudience('');
      setExternalId('');
      queries.setQueryData(queryKey, now);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set.mutate();
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <TextField
        label={t('audience.kept.id')}
        hint={t('audience.kept.id.hint')}
        value={audience}
        onChange={setAudience}
      />
      <TextField label={t('audience.kept.external')} value={externalId} onChange={setExternalId} />
      <div className={styles['buttons']}>
        <Button type="submit" disabled={audience.trim() === '' || externalId.trim() === '' || set.isPending}>
          {t('audience.kept.set')}
        </Button>
      </div>
      {set.isError ? <Failure error={set.error} /> : null}
    </form>
  );
}
