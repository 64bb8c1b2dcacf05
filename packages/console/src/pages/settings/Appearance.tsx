import type { ReactNode } from 'react';
import { type Language, LANGUAGES } from '../../i18n/catalogue.ts';
import { Select } from '../../kit/Select.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { type Preferences, setPreferences, usePreferences, useTexts } from '../../preferences.ts';
import styles from './Settings.module.css';

/** Theme, language and time zone. */
export function Appearance(): ReactNode {
  const t = useTexts();
  const { theme, language, zone, keys } = usePreferences();
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className={styles['form']}>
      <p>{t('settings.view.about')}</p>
      <Select
        label={t('frame.theme')}
        value={theme}
        onChange={(value) => setPreferences({ theme: value as Preferences['theme'] })}
        options={[
          ['system', t('frame.theme.system')],
          ['light', t('frame.theme.light')],
          ['dark', t('frame.theme.dark')],
        ]}
      />
      <Select
        label={t('frame.language')}
        value={language}
        onChange={(value) => setPreferences({ language: value as Language })}
        options={Object.entries(LANGUAGES)}
      />
      <Select
        label={t('frame.zone')}
        value={zone}
        onChange={(value) => setPreferences({ zone: value as Preferences['zone'] })}
        options={[
          ['local', t('frame.zone.local', { zone: local })],
          ['utc', t('frame.zone.utc')],
        ]}
      />
      <Switch label={t('frame.keys.single')} checked={keys} onChange={(on) => setPreferences({ keys: on })} />
    </div>
  );
}
