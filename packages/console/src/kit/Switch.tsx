import type { ReactNode } from 'react';
import styles from './Field.module.css';

/** A switch. */
export function Switch({
  label,
  checked,
  onChange,
  disabled = false,
  hideLabel = false,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean;
}): ReactNode {
  return (
    <label className={styles['switch']}>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        {...(hideLabel ? { 'aria-label': label } : {})}
        onChange={(event) => onChange(event.target.checked)}
      />
      {hideLabel ? null : label}
    </label>
  );
}
