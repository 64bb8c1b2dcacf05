import { type ReactNode, useState } from 'react';
import { CodeBlock } from '../../kit/CodeBlock.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { useTexts } from '../../preferences.ts';
import { CLIENTS, NO_KEY, snippetOf } from './snippets.ts';

/** How to send a first event, for each kind of client. */
export function Snippets({ writeKey }: { readonly writeKey: string | undefined }): ReactNode {
  const t = useTexts();
  const [client, setClient] = useState<string>('curl');
  return (
    <Tabs
      label={t('sources.send')}
      selected={client}
      onSelect={setClient}
      items={CLIENTS.map((id) => ({
        id,
        label: t(`sources.client.${id}`),
        content: (
          <CodeBlock
            label={t(`sources.client.${id}`)}
            text={snippetOf(id, location.origin, writeKey ?? NO_KEY)}
          />
        ),
      }))}
    />
  );
}
