import type { KnownPath } from '@waybill/core';
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { Field, type FieldProps } from '../kit/Field.tsx';
import field from '../kit/Field.module.css';
import { useTexts } from '../preferences.ts';
import { offer, type Offered, taken } from './offer.ts';
import styles from './TriggerField.module.css';

/** The open completion, and the selected option: by arrows, or the first automatically. */
interface Open {
  readonly caret: number;
  readonly isAsked: boolean;
  readonly chosen?: number;
}

/** A trigger input, of one or more lines, with completion: fields of events, functions, seen values, and fixes for unknown words. */
export function TriggerField({
  label,
  hint,
  problem,
  value,
  onChange,
  rows,
  known = NONE,
  completes = true,
}: FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  /** Paths of events, for completion. */
  readonly known?: readonly KnownPath[];
  /** Whether completion is enabled: not for Segment's dialect. */
  readonly completes?: boolean;
}): ReactNode {
  const list = useId();
  const [open, setOpen] = useState<Open>();
  const box = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const caret = useRef<number>(undefined);
  const { options, first } =
    open === undefined || !completes
      ? NOTHING
      : offer(value, Math.min(open.caret, value.length), known, open.isAsked);
  const chosen = open?.chosen ?? first;

  // A programmatic change puts the caret at the end; after a completion, it must be where that ends.
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    box.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  }, [value]);

  const take = (one: Offered): void => {
    const next = taken(value, one);
    caret.current = next.caret;
    // After `properties.` and the like, members are offered at once; after an operator, seen values.
    setOpen(/[. ]$/.test(one.insert) ? { caret: next.caret, isAsked: false } : undefined);
    onChange(next.text);
  };
  const move = (by: number): void => {
    if (open === undefined) return;
    const from = chosen ?? (by > 0 ? -1 : 0);
    setOpen({ ...open, chosen: (from + by + options.length) % options.length });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      setOpen({ caret: box.current?.selectionStart ?? value.length, isAsked: true });
      return;
    }
    if (options.length === 0 || event.nativeEvent.isComposing) return;
    const picked = chosen === undefined ? undefined : options[chosen];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape') setOpen(undefined);
    else if (event.key === 'Enter' && picked !== undefined) take(picked);
    else {
      // The caret moves: the completion belongs to its old position.
      if (/^(?:Arrow|Home|End|Page|Enter)/.test(event.key)) setOpen(undefined);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Field
      label={label}
      hint={hint}
      problem={problem}
      input={(ties) => {
        const own = {
          ...ties,
          ref: box,
          value,
          autoComplete: 'off',
          spellCheck: false,
          'aria-autocomplete': 'list',
          'aria-haspopup': 'listbox',
          'aria-controls': options.length === 0 ? undefined : list,
          'aria-activedescendant':
            options.length > 0 && chosen !== undefined ? `${list}-${chosen}` : undefined,
          onKeyDown,
          onBlur: () => setOpen(undefined),
          onPointerDown: () => setOpen(undefined),
          onChange: ({ target }: { readonly target: HTMLTextAreaElement | HTMLInputElement }) => {
            setOpen({ caret: target.selectionStart ?? target.value.length, isAsked: false });
            onChange(target.value);
          },
        } as const;
        return (
          <div className={styles['anchor']}>
            {rows === undefined ? (
              <input
                {...own}
                type="text"
                enterKeyHint="search"
                className={`${field['input']} ${styles['line']}`}
              />
            ) : (
              <textarea {...own} rows={rows} className={`${field['input']} ${field['area']}`} />
            )}
            {options.length === 0 ? null : (
              <Options id={list} options={options} chosen={chosen} onTake={take} />
            )}
          </div>
        );
      }}
    />
  );
}

const NONE: readonly KnownPath[] = [];
/** The number of shown options. */
const SHOWN = 8;
const NOTHING = { options: [] as readonly Offered[], first: undefined };

function Options({
  id,
  options,
  chosen,
  onTake,
}: {
  readonly id: string;
  readonly options: readonly Offered[];
  readonly chosen: number | undefined;
  readonly onTake: (one: Offered) => void;
}): ReactNode {
  const t = useTexts();
  // A window around the selected one: the list follows the arrows without scrolling.
  const from = Math.max(0, Math.min((chosen ?? 0) - SHOWN / 2, options.length - SHOWN));
  return (
    <ul id={id} role="listbox" aria-label={t('trigger.offers')} className={styles['list']}>
      {options.slice(from, from + SHOWN).map((one, place) => (
        <li
          key={`${one.kind} ${one.label}`}
          id={`${id}-${from + place}`}
          role="option"
          aria-setsize={options.length}
          aria-posinset={from + place + 1}
          aria-selected={from + place === chosen}
          className={styles['option']}
          // The box keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(one)}
        >
          <code>{one.label}</code>
          <span className={styles['doc']}>{one.doc?.replaceAll('`', '')}</span>
          <span className={styles['kind']}>{t(`trigger.kind.${one.kind}`)}</span>
        </li>
      ))}
    </ul>
  );
}
