import {
  Menu,
  MenuButton,
  MenuGroup,
  MenuGroupLabel,
  MenuItem,
  MenuItemCheck,
  MenuItemRadio,
  MenuProvider,
  MenuSeparator,
} from '@ariakit/react';
import type { ReactNode } from 'react';
import { LANGUAGES } from '../i18n/catalogue.ts';
import { Button } from '../kit/Button.tsx';
import menu from '../kit/Menu.module.css';
import { type Preferences, setPreferences, usePreferences, useTexts } from '../preferences.ts';

/** Preferences with a few choices. */
type Chosen = Exclude<keyof Preferences, 'keys'>;

interface Choice<K extends Chosen> {
  readonly name: K;
  readonly label: string;
  readonly options: readonly (readonly [Preferences[K], string])[];
}

function Choices<K extends Chosen>({ name, label, options }: Choice<K>): ReactNode {
  return (
    <MenuGroup className={menu['group']}>
      <MenuGroupLabel className={menu['label']}>{label}</MenuGroupLabel>
      {options.map(([value, text]) => (
        <MenuItemRadio key={value} name={name} value={value} className={menu['item']}>
          <MenuItemCheck /> {text}
        </MenuItemRadio>
      ))}
    </MenuGroup>
  );
}

/** The menu with theme, language, time zone, keyboard shortcuts and sign-out. */
export function PreferencesMenu({
  onGoTo,
  onHelp,
  onSignOut,
}: {
  readonly onGoTo: () => void;
  readonly onHelp: () => void;
  readonly onSignOut: () => void;
}): ReactNode {
  const t = useTexts();
  const preferences = usePreferences();
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <MenuProvider
      values={{ theme: preferences.theme, language: preferences.language, zone: preferences.zone }}
      setValues={(values) => setPreferences(values as Partial<Preferences>)}
    >
      <MenuButton render={<Button />}>{t('frame.preferences')}</MenuButton>
      <Menu className={menu['menu']} gutter={4}>
        <Choices
          name="theme"
          label={t('frame.theme')}
          options={[
            ['system', t('frame.theme.system')],
            ['light', t('frame.theme.light')],
            ['dark', t('frame.theme.dark')],
          ]}
        />
        <Choices
          name="language"
          label={t('frame.language')}
          options={(['en', 'de'] as const).map((one) => [one, LANGUAGES[one]] as const)}
        />
        <Choices
          name="zone"
          label={t('frame.zone')}
          options={[
            ['local', t('frame.zone.local', { zone: local })],
            ['utc', t('frame.zone.utc')],
          ]}
        />
        <MenuSeparator className={menu['separator']} />
        <MenuItem className={menu['item']} onClick={onGoTo}>
          <span className={menu['name']}>{t('frame.goTo')}</span> <kbd>{t('frame.keys.command')}</kbd>
        </MenuItem>
        <MenuItem className={menu['item']} onClick={onHelp}>
          <span className={menu['name']}>{t('frame.keys')}</span> <kbd>?</kbd>
        </MenuItem>
        <MenuSeparator className={menu['separator']} />
        <MenuItem className={menu['item']} onClick={onSignOut}>
          {t('frame.signOut')}
        </MenuItem>
      </Menu>
    </MenuProvider>
  );
}
