import type { MappingConfig } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { objectOf } from '../../editor/object.ts';
import { keepText, keptText } from '../../editor/kept.ts';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';

/** The whole mapping as JSON. Invalid input stays here, and the last valid mapping applies. */
export function JsonTab({
  config,
  name,
  onChange,
}: {
  readonly config: MappingConfig;
  /** The storage key of invalid input; without, it lasts as long as the tab. */
  readonly name?: string;
  readonly onChange: (config: MappingConfig) => void;
}): ReactNode {
  const t = useTexts();
  const [kept] = useState(() => (name === undefined ? undefined : keptText(localStorage, name)));
  const [text, setText] = useState(() => kept ?? JSON.stringify(config, null, 2));
  const [isBroken, setBroken] = useState(kept !== undefined);
  const [taken, setTaken] = useState(config);
  // The mapping was changed elsewhere, for example by a value picked from the sample event.
  if (config !== taken) {
    setTaken(config);
    if (!isBroken && !isSame(mappingOf(text, config.id), config)) setText(JSON.stringify(config, null, 2));
  }
  return (
    <TextField
      label={t('editor.json')}
      hint={t('editor.json.hint')}
      rows={24}
      value={text}
      problem={isBroken ? t('editor.json.broken') : undefined}
      onChange={(next) => {
        setText(next);
        const read = mappingOf(next, config.id);
        setBroken(read === undefined);
        if (name !== undefined) keepText(localStorage, name, read === undefined ? next : undefined);
        if (read === undefined) return;
        setTaken(read);
        onChange(read);
      }}
    />
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Parses a mapping; its ID is unchanged. */
function mappingOf(text: string, id: string): MappingConfig | undefined {
  const value = objectOf(text);
  if (value === undefined) return undefined;
  const { trigger, mapping } = value;
  const isMapping =
    mapping === undefined || (typeof mapping === 'object' && mapping !== null && !Array.isArray(mapping));
  return isMapping && (trigger === undefined || typeof trigger === 'string') ? { ...value, id } : undefined;
}
