import type { PageData } from '@waybill/definitions';
import type { ReactNode } from 'react';
import { ConnectionTest } from '../pages/destinations/ConnectionTest.tsx';
import type { SettingsDraft } from '../pages/destinations/settings.ts';
import { SettingsForm } from '../pages/destinations/SettingsForm.tsx';
import styles from '../pages/mapping/Mapping.module.css';
import { useTexts } from '../preferences.ts';

/** The settings of this page only, and testing them. */
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
        {shown.canTestConnection ? <ConnectionTest type={shown.name} settings={draft} /> : null}
      </div>
    </details>
  );
}
