import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { ConnectionTest } from '../destinations/ConnectionTest.tsx';
import type { SettingsDraft } from '../destinations/settings.ts';
import { SettingsForm } from '../destinations/SettingsForm.tsx';
import styles from './Start.module.css';

/** The product of the first run, with its required settings. */
const PRODUCT = 'iterable';
const ASKED = ['apiKey', 'dataCenterLocation', 'projectType', 'apiUrl'];

/** The settings of a first destination, tested before saving. */
export function DestinationForm(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [settings, setSettings] = useState<SettingsDraft>({});
  const definitions = useQuery({ queryKey: ['definitions'], queryFn: () => client.get('/api/definitions') });
  const create = useMutation({
    mutationFn: () => client.post('/api/destinations', { body: { id: PRODUCT, type: PRODUCT, settings } }),
    onSuccess: () =>
      Promise.all(['start', 'destinations'].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
  const definition = definitions.data?.find(({ slug }) => slug === PRODUCT);
  const others = <Link to="/destinations">{t('start.destination.other')}</Link>;
  if (definitions.isError) return <Failure error={definitions.error} />;
  if (definition === undefined) return others;
  const fields = Object.fromEntries(
    Object.entries(definition.settings).filter(([name]) => ASKED.includes(name)),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <p>{t('start.destination.about', { product: definition.name })}</p>
      <SettingsForm fields={fields} draft={settings} onChange={setSettings} />
      <ConnectionTest type={PRODUCT} settings={settings} />
      <div>
        <Button type="submit" look="primary" disabled={create.isPending}>
          {t('destinations.create')}
        </Button>
      </div>
      {create.isError ? <Failure error={create.error} /> : null}
      {others}
    </form>
  );
}
