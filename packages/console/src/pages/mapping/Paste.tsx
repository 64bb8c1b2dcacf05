import type { Event } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { objectOf } from '../../editor/object.ts';
import { Button } from '../../kit/Button.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';

/** An input for a typed or pasted event. */
export function Paste({ onPaste }: { readonly onPaste: (event: Event) => void }): ReactNode {
  const t = useTexts();
  const [text, setText] = useState('');
  const event = eventOf(text);
  return (
    <details>
      <summary>{t('editor.sample.paste')}</summary>
      <TextField
        label={t('editor.sample.paste.text')}
        rows={6}
        value={text}
        problem={text !== '' && event === undefined ? t('editor.sample.paste.broken') : undefined}
        onChange={setText}
      />
      <Button
        disabled={event === undefined}
        onClick={() => {
          if (event === undefined) return;
          onPaste(event);
          setText('');
        }}
      >
        {t('editor.sample.use')}
      </Button>
    </details>
  );
}

/** Parses an event, with missing standard members filled in. */
function eventOf(text: string): Event | undefined {
  const value = objectOf(text);
  if (value === undefined) return undefined;
  const now = new Date().toISOString();
  const given = { type: 'track', messageId: `pasted-${now}`, timestamp: now, receivedAt: now, ...value };
  return given as Event;
}
