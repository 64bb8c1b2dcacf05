import { type ReactNode, useId } from 'react';
import styles from './Field.module.css';

/** The common properties of form fields. */
export interface FieldProps {
  readonly label: string;
  /** What to enter, in a sentence. */
  readonly hint?: ReactNode;
  /** The problem of the input. */
  readonly problem?: string | undefined;
}

/** The attributes that link an input to its label, hint and problem. */
export interface InputTies {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

/** An input with its label, hint and problem. */
export function Field({
  label,
  hint,
  problem,
  input,
}: FieldProps & { readonly input: (ties: InputTies) => ReactNode }): ReactNode {
  const id = useId();
  const notes = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-problem`]
    .join(' ')
    .trim();
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      {input({
        id,
        'aria-invalid': problem !== undefined,
        'aria-describedby': notes === '' ? undefined : notes,
      })}
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
    </div>
  );
}
