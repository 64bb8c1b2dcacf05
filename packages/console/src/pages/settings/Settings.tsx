import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Tabs } from '../../kit/Tabs.tsx';
import { useTexts } from '../../preferences.ts';
import { useSession } from '../../session.tsx';
import { Appearance } from './Appearance.tsx';
import { Audit } from './Audit.tsx';
import { DeleteUser } from './DeleteUser.tsx';
import { Server } from './Server.tsx';
import { Tokens } from './Tokens.tsx';
import { Exchange } from './Exchange.tsx';

const TABS = [
  ['tokens', <Tokens key="tokens" />],
  ['audit', <Audit key="audit" />],
  ['workspace', <Exchange key="workspace" />],
  ['deletions', <DeleteUser key="deletions" />],
  ['server', <Server key="server" />],
  ['view', <Appearance key="view" />],
] as const;

/** The settings page: access, audit log, and the server. */
export default function Settings(): ReactNode {
  const t = useTexts();
  const { name, role } = useSession();
  const { tab } = useSearch({ strict: false }) as { readonly tab?: unknown };
  const navigate = useNavigate();
  const [first] = TABS;
  const selected = TABS.find(([id]) => id === tab)?.[0] ?? first[0];
  return (
    <>
      <h1>{t('settings.title')}</h1>
      <p>{t('settings.you', { name, role })}</p>
      <Tabs
        label={t('settings.title')}
        items={TABS.map(([id, content]) => ({ id, label: t(`settings.tab.${id}`), content }))}
        selected={selected}
        onSelect={(id) => void navigate({ to: '/settings', search: { tab: id }, replace: true })}
      />
    </>
  );
}
