import type { ReactNode } from 'react';
import { Field, type FieldProps } from './Field.tsx';
import styles from './Field.module.css';

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
  offers,
}: FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search' | 'number' | 'date' | 'datetime-local' | 'url';
  readonly rows?: number;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  /** The browser's suggestions for input. */
  readonly offers?: readonly string[];
}): ReactNode {
  const own = { value, required, autoFocus, placeholder, disabled, autoComplete: 'off', spellCheck: false };
  return (
    <Field
      label={label}
      hint={hint}
      problem={problem}
      input={(ties) =>
        rows === undefined ? (
          <>
            <input
              {...own}
              {...ties}
              type={type}
              list={offers === undefined ? undefined : `${ties.id}-offers`}
              className={styles['input']}
              onChange={(event) => onChange(event.target.value)}
            />
            {offers === undefined ? null : (
              <datalist id={`${ties.id}-offers`}>
                {offers.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            )}
          </>
        ) : (
          <textarea
            {...own}
            {...ties}
            rows={rows}
            className={`${styles['input']} ${styles['area']}`}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    />
  );
}
