import { type ReactNode, useId } from 'react';
import styles from './Field.module.css';

/** What every field of a form shows. */
export interface FieldProps {
  readonly label: string;
  /** What to enter, in a sentence. */
  readonly hint?: ReactNode;
  /** What is wrong with what was entered. */
  readonly problem?: string | undefined;
}

/** A field for a line of text, or for several with `rows`. */
export function TextField({
  label,
  hint,
  problem,
  value,
  onChange,
  type = 'text',
  rows,
  required = false,
  autoFocus = false,
  placeholder,
  disabled = false,
}: FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search' | 'number' | 'datetime-local' | 'url';
  readonly rows?: number;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly placeholder?: string;
  readonly disabled?: boolean;
}): ReactNode {
  const id = useId();
  const notes = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-problem`]
    .join(' ')
    .trim();
  const common = {
    id,
    value,
    required,
    autoFocus,
    placeholder,
    disabled,
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': problem !== undefined,
    'aria-describedby': notes === '' ? undefined : notes,
  } as const;
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      {rows === undefined ? (
        <input
          {...common}
          type={type}
          className={styles['input']}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea
          {...common}
          rows={rows}
          className={`${styles['input']} ${styles['area']}`}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <Notes id={id} hint={hint} problem={problem} />
    </div>
  );
}

function Notes({
  id,
  hint,
  problem,
}: Pick<FieldProps, 'hint' | 'problem'> & { readonly id: string }): ReactNode {
  return (
    <>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </span>
      )}
      {problem === undefined ? null : (
        <span id={`${id}-problem`} className={styles['problem']}>
          {problem}
        </span>
      )}
    </>
  );
}
