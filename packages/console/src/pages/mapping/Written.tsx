import { type ReactNode, useState } from 'react';
import type { Traced } from '../../editor/trace.ts';
import { inText, type Shown, shownOf, writtenAs } from '../../editor/value.ts';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { takesPath } from './drop.ts';
import { PillField } from './PillField.tsx';

/** The value as text. Invalid input stays here, and the last valid value applies. */
export function Written({
  shown,
  traced,
  onChange,
}: {
  readonly shown: Exclude<Shown, { kind: 'empty' }>;
  readonly traced: Traced | undefined;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const t = useTexts();
  const [text, setText] = useState(shown.text);
  const [taken, setTaken] = useState(shown.text);
  const [isBroken, setBroken] = useState(false);
  // The value was changed elsewhere: picked, reset, or converted.
  if (shown.text !== taken) {
    setTaken(shown.text);
    setText(shown.text);
    setBroken(false);
  }
  const write = (next: string): void => {
    setText(next);
    const written = writtenAs(shown.kind, next);
    setBroken(written === undefined);
    if (written === undefined) return;
    const again = shownOf(written.value);
    setTaken('text' in again ? again.text : '');
    onChange(written.value);
  };
  if (shown.kind !== 'text')
    return (
      <TextField
        label={t('editor.value')}
        value={text}
        {...(shown.kind === 'json' ? { rows: Math.min(12, text.split('\n').length + 1) } : {})}
        problem={isBroken ? t('editor.value.broken') : undefined}
        onChange={write}
      />
    );
  // A drop on the text is inserted at the caret; a drop elsewhere on the field replaces everything.
  const insert = takesPath((keys, { currentTarget }) => {
    const at = currentTarget.querySelector('textarea')?.selectionStart ?? text.length;
    write(`${text.slice(0, at)}${inText(keys)}${text.slice(at)}`);
  });
  return (
    <div {...insert}>
      <PillField label={t('editor.value')} value={text} reads={traced?.reads} onChange={write} />
    </div>
  );
}
