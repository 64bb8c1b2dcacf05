import { type ReactNode, useState } from 'react';
import { useTexts } from '../preferences.ts';
import styles from './Json.module.css';

/** The maximum number of shown members of an object or list. */
const MOST = 100;
/** The number of initially open levels; deeper parts are shown as text when opened. */
const OPEN = 3;
/** The number of members above which a branch is initially closed. */
const MOST_OPEN = 25;
const DEEPEST = 40;

/** A JSON value as a tree of text; its content is never executed or rendered as markup. */
export function Json({
  value,
  name,
  level = 0,
  mark,
  onPoint,
}: {
  readonly value: unknown;
  readonly name?: string;
  readonly level?: number;
  /** The path of the invalid member, present or missing. */
  readonly mark?: readonly string[] | undefined;
  /** Called with the path of a clicked member; without it, members are only shown. */
  readonly onPoint?: ((keys: readonly string[]) => void) | undefined;
}): ReactNode {
  const t = useTexts();
  const isMarked = mark?.length === 0;
  const leaf = `${styles['leaf']} ${isMarked ? styles['marked'] : ''}`;
  const label = name === undefined ? null : <span className={styles['name']}>{name}: </span>;
  // Clicking a branch opens it; only leaves can be selected.
  const own =
    name === undefined || onPoint === undefined ? (
      label
    ) : (
      <button type="button" className={styles['point']} onClick={() => onPoint([])}>
        {name}:
      </button>
    );
  const fault = isMarked ? <strong className={styles['fault']}> ✕ {t('kit.json.fault')}</strong> : null;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={leaf}>
        {own}
        <span className={styles[typeof value === 'string' ? 'text' : 'other']}>
          {JSON.stringify(value) ?? t('kit.json.missing')}
        </span>
        {fault}
      </div>
    );
  }
  const isEmpty = Object.keys(value).length === 0 && (mark ?? []).length === 0;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (isEmpty || level > DEEPEST) {
    return (
      <div className={leaf}>
        {own}
        {isEmpty ? `${open}${close}` : `${open} … ${close}`}
        {fault}
      </div>
    );
  }
  return (
    <Branch value={value} level={level} mark={mark ?? []} onPoint={onPoint}>
      {label}
      {open} {Object.keys(value).length} {close}
      {fault}
    </Branch>
  );
}

/** An object or a list. Its members are only rendered while it is open: an answer of a destination can have thousands. */
function Branch({
  value,
  level,
  mark: [next, ...rest],
  onPoint,
  children,
}: {
  readonly value: object;
  readonly level: number;
  readonly mark: readonly string[];
  readonly onPoint: ((keys: readonly string[]) => void) | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const t = useTexts();
  const entries = Object.entries(value);
  const [isOpen, setOpen] = useState(next !== undefined || (level < OPEN && entries.length <= MOST_OPEN));
  const missing = rest.length === 0 && next !== undefined && !Object.hasOwn(value, next) ? next : undefined;
  const shown = entries.slice(0, MOST);
  return (
    <details
      className={styles['branch']}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{children}</summary>
      {isOpen && (
        <>
          {missing === undefined ? null : (
            <Json name={missing} value={undefined} level={level + 1} mark={[]} />
          )}
          {shown.map(([key, member]) => (
            <Json
              key={key}
              name={key}
              value={member}
              level={level + 1}
              mark={key === next ? rest : undefined}
              onPoint={onPoint && ((keys) => onPoint([key, ...keys]))}
            />
          ))}
          {entries.length > MOST ? (
            <div className={styles['leaf']}>{t('kit.json.more', { count: entries.length - MOST })}</div>
          ) : null}
        </>
      )}
    </details>
  );
}

/** Parses a path of the API: `items[0].price`. */
export function keysOf(path: string | undefined): readonly string[] | undefined {
  return path === undefined ? undefined : path.split(/[.[\]]+/).filter((key) => key !== '');
}
