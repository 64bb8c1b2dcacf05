import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from '../../kit/List.module.css';
import { type SettingsDraft, SettingsForm } from './SettingsForm.tsx';

/** Milliseconds between two looks at how destinations are. */
const LOOK = 3_000;

/** The destinations with how they are, and a new one. */
export default function Destinations(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [creating, setCreating] = useState(false);
  const all = useQuery({
    queryKey: ['destinations'],
    refetchInterval: LOOK,
    queryFn: async () => {
      const [list, stats] = await Promise.all([client.get('/api/destinations'), client.get('/api/stats')]);
      return list.map((one) => ({
        ...one,
        stats: stats.destinations.find(({ destination }) => destination === one.id),
      }));
    },
  });
  if (all.isError) return <Failure error={all.error} onRetry={() => void all.refetch()} />;
  if (all.data === undefined) return <Loading />;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t('destinations.create')}
    </Button>
  );
  return (
    <>
      <div className={styles['top']}>
        <h1>{t('destinations.title')}</h1>
        {all.data.length === 0 ? null : create}
      </div>
      {all.data.length === 0 ? (
        <Empty title={t('destinations.none')}>{create}</Empty>
      ) : (
        <ul className={styles['list']} aria-label={t('destinations.title')}>
          {all.data.map(({ id, name, type, enabled = true, stats }) => (
            <li key={id} className={styles['row']}>
              <Link to="/destinations/$id" params={{ id }}>
                {name ?? id}
              </Link>
              <code>{type}</code>
              <span>
                {stats === undefined ? null : (
                  <>
                    {t('destinations.lag', { count: stats.lag })} ·{' '}
                    {t('destinations.waiting', { count: stats.retrying })} ·{' '}
                    {t('destinations.deadLetters', { count: stats.deadLetters })}
                  </>
                )}
              </span>
              <Badge state={enabled ? 'delivered' : 'skipped'}>{t(enabled ? 'state.on' : 'state.off')}</Badge>
            </li>
          ))}
        </ul>
      )}
      {creating ? <CreateDestination onClose={() => setCreating(false)} /> : null}
    </>
  );
}

function CreateDestination({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const definitions = useQuery({ queryKey: ['definitions'], queryFn: () => client.get('/api/definitions') });
  const [id, setId] = useState('');
  const [slug, setSlug] = useState('');
  const [settings, setSettings] = useState<SettingsDraft>({});
  const [failure, setFailure] = useState<unknown>();
  const chosen = definitions.data?.find((one) => one.slug === slug);
  const create = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const made = await client.post('/api/destinations', { body: { id: id.trim(), type: slug, settings } });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
      await navigate({ to: '/destinations/$id', params: { id: made.id } });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t('destinations.create')}
      open
      onClose={onClose}
      actions={
        <Button look="primary" disabled={id.trim() === '' || slug === ''} onClick={() => void create()}>
          {t('destinations.create')}
        </Button>
      }
    >
      <Select
        label={t('destinations.type')}
        value={slug}
        options={[['', '…'], ...(definitions.data ?? []).map((one) => [one.slug, one.name] as const)]}
        onChange={(next) => {
          setSlug(next);
          setSettings({});
          if (id === '') setId(next);
        }}
      />
      <TextField
        label={t('destinations.id')}
        hint={t('sources.id.hint')}
        value={id}
        onChange={setId}
        required
      />
      {chosen === undefined ? null : (
        <SettingsForm fields={chosen.settings} draft={settings} onChange={setSettings} />
      )}
      {failure === undefined ? null : <Failure error={failure} />}
    </Dialog>
  );
}
