import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { ConnectionTest } from './ConnectionTest.tsx';
import type { SettingsDraft } from './settings.ts';
import { SettingsForm } from './SettingsForm.tsx';

/** A new destination: its product, its settings, and whether they work before anything is saved. */
export function CreateDestination({ onClose }: { readonly onClose: () => void }): ReactNode {
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
        <>
          <SettingsForm key={slug} canName fields={chosen.settings} draft={settings} onChange={setSettings} />
          <ConnectionTest key={`test ${slug}`} type={slug} settings={settings} />
        </>
      )}
      {definitions.isError ? <Failure error={definitions.error} /> : null}
      {failure === undefined ? null : <Failure error={failure} />}
    </Dialog>
  );
}
