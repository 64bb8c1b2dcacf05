import type { ReactNode } from 'react';
import { Field, type FieldProps } from './Field.tsx';
import styles from './Field.module.css';

/** A field with a few choices. */
export function Select({
  label,
  hint,
  problem,
  value,
  onChange,
  options,
  disabled = false,
}: FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly disabled?: boolean;
}): ReactNode {
  return (
    <Field
      label={label}
      hint={hint}
      problem={problem}
      input={(ties) => (
        <select
          {...ties}
          className={styles['input']}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}
