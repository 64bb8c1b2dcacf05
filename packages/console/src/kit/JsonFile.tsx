import { type ReactNode, useId } from 'react';
import styles from './JsonFile.module.css';

/** A button that reads a chosen JSON file. */
export function JsonFile({
  label,
  onText,
}: {
  readonly label: string;
  readonly onText: (text: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className={styles['label']}>
        {label}
      </label>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          void chosen?.text().then(onText);
        }}
      />
    </>
  );
}
