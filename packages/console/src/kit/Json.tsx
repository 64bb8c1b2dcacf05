import type { ReactNode } from 'react';
import { useTexts } from '../preferences.ts';
import styles from './Json.module.css';

/** Members that are shown of one object or list. */
const MOST = 100;
/** Levels that are open at first; what is deeper than the last is shown as text when it is opened. */
const OPEN = 3;
const DEEPEST = 40;

/** A JSON value as a tree of text; nothing in it is ever run or marked up. */
export function Json({
  value,
  name,
  level = 0,
}: {
  readonly value: unknown;
  readonly name?: string;
  readonly level?: number;
}): ReactNode {
  const t = useTexts();
  const label = name === undefined ? null : <span className={styles['name']}>{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={styles['leaf']}>
        {label}
        <span className={styles[typeof value === 'string' ? 'text' : 'other']}>
          {JSON.stringify(value) ?? 'undefined'}
        </span>
      </div>
    );
  }
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0 || level > DEEPEST) {
    return (
      <div className={styles['leaf']}>
        {label}
        {entries.length === 0 ? `${open}${close}` : `${open} … ${close}`}
      </div>
    );
  }
  return (
    <details className={styles['branch']} open={level < OPEN}>
      <summary>
        {label}
        {open} {entries.length} {close}
      </summary>
      {entries.slice(0, MOST).map(([key, member]) => (
        <Json key={key} name={key} value={member} level={level + 1} />
      ))}
      {entries.length > MOST ? (
        <div className={styles['leaf']}>{t('kit.json.more', { count: entries.length - MOST })}</div>
      ) : null}
    </details>
  );
}
