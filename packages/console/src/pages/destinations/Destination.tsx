import type { AnswerOf } from '@waybill/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';
import { Mappings } from './Mappings.tsx';
import { type SettingsDraft, SettingsForm } from './SettingsForm.tsx';

/** One destination: its settings, whether its connection works, and its mappings. */
export default function Destination(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const [failure, setFailure] = useState<unknown>();
  const one = useQuery({
    queryKey: ['destinations', id],
    queryFn: () => client.call('GET /api/destinations/:id', { params: { id } }),
  });
  const definitions = useQuery({ queryKey: ['definitions'], queryFn: () => client.get('/api/definitions') });
  if (one.isError) return <Failure error={one.error} onRetry={() => void one.refetch()} />;
  if (one.data === undefined || definitions.data === undefined) return <Loading />;
  const { body, version } = one.data;
  const definition = definitions.data.find(({ slug }) => slug === body.type);
  const change = async (changes: {
    readonly enabled?: boolean;
    readonly settings?: SettingsDraft;
  }): Promise<void> => {
    try {
      await client.patch('/api/destinations/:id', { params: { id }, body: changes, ifMatch: version ?? '*' });
    } finally {
      await queries.invalidateQueries({ queryKey: ['destinations'] });
    }
  };
  return (
    <>
      <p>
        <Link to="/destinations">← {t('destinations.all')}</Link>
      </p>
      <h1>{body.name ?? id}</h1>
      <p>
        <Copy text={id} /> {definition?.name ?? body.type}
      </p>
      <Switch
        label={t('destinations.enabled')}
        checked={body.enabled !== false}
        onChange={(enabled) => {
          setFailure(undefined);
          change({ enabled }).catch(setFailure);
        }}
      />
      {failure === undefined ? null : <Failure error={failure} />}
      <div className={styles['parts']}>
        <section aria-labelledby="mappings">
          <h2 id="mappings">{t('destinations.mappings')}</h2>
          <Mappings destination={id} mappings={body.mappings} />
        </section>
        <section aria-labelledby="settings">
          <h2 id="settings">{t('destinations.settings')}</h2>
          {definition === undefined ? null : (
            <Settings
              key={version}
              id={id}
              before={body.settings}
              fields={definition.settings}
              onSave={change}
            />
          )}
        </section>
      </div>
    </>
  );
}

function Settings({
  id,
  before,
  fields,
  onSave,
}: {
  readonly id: string;
  readonly before: SettingsDraft;
  readonly fields: Parameters<typeof SettingsForm>[0]['fields'];
  readonly onSave: (changes: { readonly settings: SettingsDraft }) => Promise<void>;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [draft, setDraft] = useState<SettingsDraft>(before);
  const [tried, setTried] = useState<AnswerOf<'POST /api/destinations/:id/test'>>();
  const [failure, setFailure] = useState<unknown>();
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(undefined);
    setFailure(undefined);
    try {
      // What is left empty is sent as what stands for it: a secret stays as it was.
      await onSave({ settings: keepingSecrets(draft, before) });
    } catch (error) {
      setFailure(error);
    }
  };
  const test = async (): Promise<void> => {
    setFailure(undefined);
    setTried(undefined);
    try {
      setTried(await client.post('/api/destinations/:id/test', { params: { id } }));
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form className={styles['form']} onSubmit={(event) => void save(event)}>
      <SettingsForm fields={fields} draft={draft} onChange={setDraft} />
      <div className={styles['buttons']}>
        <Button type="submit" look="primary" disabled={draft === before}>
          {t('destinations.save')}
        </Button>
        <Button disabled={draft !== before} onClick={() => void test()}>
          {t('destinations.test')}
        </Button>
      </div>
      {tried === undefined ? null : (
        <p role="status">
          {tried.ok
            ? (tried.message ?? t('destinations.test.ok'))
            : `✕ ${tried.issue.message} (${tried.issue.code})`}
        </p>
      )}
      {failure === undefined ? null : <Failure error={failure} />}
    </form>
  );
}

function keepingSecrets(draft: SettingsDraft, before: SettingsDraft): SettingsDraft {
  const kept = Object.entries(before).filter(
    ([name, value]) =>
      draft[name] === undefined && typeof value === 'object' && value !== null && '$secret' in value,
  );
  return { ...draft, ...Object.fromEntries(kept) };
}
