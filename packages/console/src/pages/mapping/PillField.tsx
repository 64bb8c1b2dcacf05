import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { overPill, type Pill, pillsOf } from '../../editor/pills.ts';
import type { Traced } from '../../editor/trace.ts';
import { Field } from '../../kit/Field.tsx';
import field from '../../kit/Field.module.css';
import { useTexts } from '../../preferences.ts';
import { shortText } from './Gives.tsx';
import styles from './PillField.module.css';

/**
 * An input field with template paths as pills, with the value of each in the sample event: arrows skip one, Backspace deletes it whole.
 * It is a plain text field over marks, so that the text itself is typed, pasted and stored.
 */
export function PillField({
  label,
  value,
  reads,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  /** The values of the paths, in order; undefined without an event. */
  readonly reads: Traced['reads'] | undefined;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const list = useId();
  const pills = pillsOf(value);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    const { currentTarget: box, key, shiftKey } = event;
    const { selectionStart: start, selectionEnd: end, selectionDirection } = box;
    const over = overPill(
      pills,
      { start, end, isBackward: selectionDirection === 'backward' },
      key,
      shiftKey,
    );
    if (over === undefined) return;
    const { selection, isMoved } = over;
    box.setSelectionRange(selection.start, selection.end, selection.isBackward ? 'backward' : 'forward');
    // The browser deletes the selection itself, so that it can be undone.
    if (isMoved) event.preventDefault();
  };
  return (
    <Field
      label={label}
      input={(ties) => (
        <>
          <div className={styles['box']}>
            <div aria-hidden="true" className={`${field['input']} ${styles['marks']}`}>
              {piecesOf(value, pills)}
              {'\u200b'}
            </div>
            <textarea
              {...ties}
              aria-describedby={pills.length === 0 ? ties['aria-describedby'] : list}
              rows={1}
              value={value}
              autoComplete="off"
              spellCheck={false}
              className={`${field['input']} ${styles['text']}`}
              onKeyDown={onKeyDown}
              onChange={({ target }) => onChange(target.value)}
            />
          </div>
          <Read id={list} pills={pills} reads={reads} />
        </>
      )}
    />
  );
}

function piecesOf(text: string, pills: readonly Pill[]): ReactNode {
  return pills.flatMap(({ start, end }, at) => [
    text.slice(pills[at - 1]?.end ?? 0, start),
    <mark key={start}>{text.slice(start, end)}</mark>,
    at === pills.length - 1 ? text.slice(end) : '',
  ]);
}

/** The values of the paths. */
function Read({
  id,
  pills,
  reads,
}: {
  readonly id: string;
  readonly pills: readonly Pill[];
  readonly reads: Traced['reads'] | undefined;
}): ReactNode {
  const t = useTexts();
  if (pills.length === 0) return null;
  return (
    <ul id={id} className={styles['read']}>
      {pills.map(({ start, path }, at) => (
        <li key={start}>
          <code>{path}</code>
          {reads?.length === pills.length ? (
            <>
              {' '}
              {t('editor.gives')} <code>{shortText(reads[at]?.value, t)}</code>
            </>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
