import type { PageData } from '@waybill/definitions';
import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Failure } from '../kit/Failure.tsx';
import styles from '../pages/mapping/Mapping.module.css';
import type { SettingsDraft } from '../pages/destinations/settings.ts';
import { SettingsForm } from '../pages/destinations/SettingsForm.tsx';
import { useTexts } from '../preferences.ts';
import { call } from './calls.ts';

type Connection =
  | { readonly ok: true; readonly message?: string }
  | { readonly ok: false; readonly issue: { readonly message: string } };

/** Settings that only this page has, and whether they connect. */
export function Settings({
  shown,
  draft,
  onChange,
}: {
  readonly shown: PageData;
  readonly draft: SettingsDraft;
  readonly onChange: (draft: SettingsDraft) => void;
}): ReactNode {
  const t = useTexts();
  const [said, setSaid] = useState<string>();
  const [error, setError] = useState<unknown>();
  const test = async (): Promise<void> => {
    setSaid(undefined);
    setError(undefined);
    try {
      const tested = await call<Connection>('POST', '/api/connection', { settings: draft });
      if (tested.ok) setSaid(tested.message ?? t('serve.settings.work'));
      else setError(new Error(tested.issue.message));
    } catch (failure) {
      setError(failure);
    }
  };
  const fields = Object.entries(shown.settings).map(([name, field]) =>
    shown.given.includes(name)
      ? ([name, { ...field, required: false, description: t('serve.settings.given') }] as const)
      : ([name, field] as const),
  );
  return (
    <details>
      <summary>{t('serve.settings')}</summary>
      <p className={styles['muted']}>{t('serve.settings.hint')}</p>
      <div className={styles['stack']}>
        <SettingsForm fields={Object.fromEntries(fields)} draft={draft} onChange={onChange} />
        {shown.canTestConnection ? (
          <Button onClick={() => void test()}>{t('destinations.test')}</Button>
        ) : null}
        {said === undefined ? null : <p role="status">{said}</p>}
        {error === undefined ? null : <Failure error={error} />}
      </div>
    </details>
  );
}
