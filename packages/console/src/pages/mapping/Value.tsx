import type { Field } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { type Card as Shape, cardOf, withSlot, WRAPS } from '../../editor/card.ts';
import { asKind, inText, type Shown, shownOf, VALUE_KINDS, writtenAs } from '../../editor/value.ts';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { takesPath } from './drop.ts';
import styles from './Mapping.module.css';

/** Cards in cards that are shown; what is deeper is JSON. */
const DEEPEST = 5;

interface ValueProps {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly depth?: number;
  /** The values that the field can have, where these are few. */
  readonly choices?: Field['choices'];
  /** What is shown in place of a card or of JSON. */
  readonly body?: ReactNode;
}

/** A value of the mapping language: what kind it is, and an editor for it. */
export function Value({ value, choices, body, onChange, depth = 0 }: ValueProps): ReactNode {
  const t = useTexts();
  const shown = shownOf(value);
  const card = depth < DEEPEST ? cardOf(value) : undefined;
  const table = body ?? (card && <Card card={card} value={value} onChange={onChange} depth={depth} />);
  const isWide = shown.kind === 'json';
  return (
    <div className={styles['value']}>
      <div className={styles['kind']}>
        <Select
          label={t('editor.kind')}
          value={shown.kind}
          options={VALUE_KINDS.map((kind) => [
            kind,
            kind === 'json' ? nameOf(shown, body, t) : t(`editor.kind.${kind}`),
          ])}
          onChange={(kind) => onChange(asKind(value, kind as Shown['kind']))}
        />
      </div>
      {shown.kind === 'empty' || isWide ? null : (
        <div className={styles['grows']}>
          {choices !== undefined && shown.kind === 'text' ? (
            <Select
              label={t('editor.value')}
              value={shown.text}
              options={optionsOf(choices, shown.text)}
              onChange={onChange}
            />
          ) : (
            <Written shown={shown} onChange={onChange} />
          )}
        </div>
      )}
      {shown.kind !== 'empty' && depth < DEEPEST - 1 ? (
        <div className={styles['wrap']}>
          <Select
            label={t('editor.wrap')}
            value=""
            options={[['', t('editor.wrap.none')], ...Object.keys(WRAPS).map((one) => [one, one] as const)]}
            onChange={(one) => onChange(WRAPS[one]?.(value) ?? value)}
          />
        </div>
      ) : null}
      {!isWide ? null : (
        <div className={styles['whole']}>
          {table === undefined ? (
            <Written shown={shown} onChange={onChange} />
          ) : (
            <>
              {table}
              <details>
                <summary className={styles['summary']}>{t('editor.json')}</summary>
                <Written shown={shown} onChange={onChange} />
              </details>
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** What a value that is JSON is called: by its directive, where there is something to show it. */
function nameOf(shown: Shown, body: ReactNode, t: ReturnType<typeof useTexts>): string {
  if (shown.kind !== 'json') return t('editor.kind.json');
  return shown.directive ?? t(body === undefined ? 'editor.kind.json' : 'fields.kind.members');
}

/** The choices of a field, and what stands there when it is none of them. */
function optionsOf(
  choices: NonNullable<Field['choices']>,
  now: string,
): readonly (readonly [string, string])[] {
  const known = choices.map((one) =>
    typeof one === 'string' ? ([one, one] as const) : ([one.value, one.label] as const),
  );
  return known.some(([value]) => value === now) ? known : [[now, now], ...known];
}

/** A directive with an editor for each of the values that it takes. */
function Card({
  card,
  value,
  onChange,
  depth,
}: Required<Pick<ValueProps, 'value' | 'onChange' | 'depth'>> & { readonly card: Shape }): ReactNode {
  const t = useTexts();
  const { directive, slots, grows } = card;
  return (
    <div role="group" aria-label={directive} className={styles['card']}>
      {slots.map(({ key, value: one, words }) => (
        <div key={key} role="group" aria-label={key === '' ? directive : key} className={styles['slot']}>
          {words === undefined ? (
            <>
              {key === '' ? null : <code>{key}</code>}
              <Value
                value={one}
                depth={depth + 1}
                onChange={(next) => onChange(withSlot(value, key, next))}
              />
            </>
          ) : (
            <Select
              label={key}
              value={typeof one === 'string' ? one : ''}
              options={[['', t('editor.choice.none')], ...words.map((word) => [word, word] as const)]}
              onChange={(word) => onChange(withSlot(value, key, word === '' ? undefined : word))}
            />
          )}
        </div>
      ))}
      {grows ? (
        <Button look="quiet" onClick={() => onChange(withSlot(value, String(slots.length), ''))}>
          {t('editor.add.value')}
        </Button>
      ) : null}
    </div>
  );
}

/** The value as text. What cannot be read stays here as it is typed, and the last value stays in force. */
function Written({
  shown,
  onChange,
}: {
  readonly shown: Exclude<Shown, { kind: 'empty' }>;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const t = useTexts();
  const [text, setText] = useState(shown.text);
  const [taken, setTaken] = useState(shown.text);
  const [isBroken, setBroken] = useState(false);
  // The value was changed from elsewhere: picked, reset, or given another kind.
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
  const box = (
    <TextField
      label={t('editor.value')}
      value={text}
      {...(shown.kind === 'json' ? { rows: Math.min(12, text.split('\n').length + 1) } : {})}
      problem={isBroken ? t('editor.value.broken') : undefined}
      onChange={write}
    />
  );
  if (shown.kind !== 'text') return box;
  // What is dropped on a text is put in at the caret; dropped elsewhere on the field, it takes the place of everything.
  const insert = takesPath((keys, { currentTarget }) => {
    const at = currentTarget.querySelector('input')?.selectionStart ?? text.length;
    write(`${text.slice(0, at)}${inText(keys)}${text.slice(at)}`);
  });
  return <div {...insert}>{box}</div>;
}
