import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Account } from './Account.tsx';
import { ConnectionTest } from './ConnectionTest.tsx';
import { Delete } from './Delete.tsx';
import styles from './Destination.module.css';
import { DestinationHead, type LoadedDestination } from './DestinationHead.tsx';
import { Health } from './Health.tsx';
import { Audiences } from './Audiences.tsx';
import { OwnershipForm } from './Ownership.tsx';
import { Receives } from './Receives.tsx';
import { Resync } from './Resync.tsx';
import type { SettingsDraft } from './settings.ts';
import { SettingsForm } from './SettingsForm.tsx';

/** One destination: its status, its settings, and whether they work. */
export default function Destination(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  return (
    <DestinationHead key={id} id={id}>
      {(loaded) => (
        <>
          <Health id={id} />
          <Settings id={id} loaded={loaded} />
          {loaded.definition?.signsInByOAuth === true ? <Account id={id} /> : null}
          <Audiences id={id} definition={loaded.definition} />
          <Receives id={id} chosen={loaded.body.sources} />
          <OwnershipForm id={id} loaded={loaded} />
          <Resync id={id} />
          <Delete id={id} loaded={loaded} />
        </>
      )}
    </DestinationHead>
  );
}

/** The form of the settings. Unsaved input stays when something else changes; a save becomes the new base. */
function Settings({ id, loaded }: { readonly id: string; readonly loaded: LoadedDestination }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { body, definition } = loaded;
  const [base, setBase] = useState({
    version: loaded.version ?? ('*' as const),
    settings: body.settings,
    name: body.name ?? id,
  });
  const [draft, setDraft] = useState<SettingsDraft>(base.settings);
  const [name, setName] = useState(base.name);
  const [failure, setFailure] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  if (definition === undefined) return null;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setFailure(undefined);
    const isNamed = name.trim() !== base.name;
    // A version with the same settings is not a conflict: a switch was set, or a mapping was changed.
    const isSame =
      JSON.stringify(body.settings) === JSON.stringify(base.settings) && (body.name ?? id) === base.name;
    try {
      const answer = await client.call('PATCH /api/destinations/:id', {
        params: { id },
        body: { settings: draft, ...(isNamed ? { name: name.trim() } : {}) },
        ifMatch: (isSame ? loaded.version : base.version) ?? '*',
      });
      setBase({
        version: answer.version ?? '*',
        settings: answer.body.settings,
        name: answer.body.name ?? id,
      });
      setName(answer.body.name ?? id);
      setDraft(answer.body.settings);
      setSaved(true);
      await queries.invalidateQueries({ queryKey: ['destinations'] });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <section aria-labelledby="settings" className={styles['settings']}>
      <h2 id="settings">{t('destinations.settings')}</h2>
      <form className={styles['form']} onSubmit={(event) => void save(event)}>
        <TextField
          label={t('destinations.name')}
          hint={t('destinations.name.hint')}
          required
          value={name}
          onChange={(next) => {
            setSaved(false);
            setName(next);
          }}
        />
        <SettingsForm
          key={base.version}
          fields={definition.settings}
          draft={draft}
          saved={base.settings}
          canName
          onChange={(next) => {
            setSaved(false);
            setDraft(next);
          }}
        />
        <ConnectionTest type={body.type} settings={draft} id={id} />
        <div className={styles['buttons']}>
          <Button
            type="submit"
            look="primary"
            disabled={name.trim() === '' || (draft === base.settings && name.trim() === base.name)}
          >
            {t('destinations.save')}
          </Button>
          <span role="status">{isSaved ? t('destinations.saved') : null}</span>
        </div>
        {failure === undefined ? null : <Failure error={failure} />}
      </form>
    </section>
  );
}
