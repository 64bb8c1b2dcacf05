import { createContext, type HTMLAttributes, type ReactNode, use } from 'react';
import { type Elsewhere, type Elsewheres, missingAt } from '../../editor/elsewhere.ts';
import { reads } from '../../editor/value.ts';
import { useFormat } from '../../format.ts';
import { useTexts } from '../../preferences.ts';
import { PATH_TYPE } from './drop.ts';
import styles from './Mapping.module.css';

type Keys = readonly (string | number)[];

const MOST = 100;
const DEEPEST = 40;

/** Places that are marked in the tree. */
export const Marked = createContext<ReadonlySet<string>>(new Set());

/** The members of an event as a tree with selectable values. */
export function EventTree({
  value,
  keys,
  isArmed,
  elsewhere,
  onPick,
}: {
  readonly value: unknown;
  readonly keys: Keys;
  readonly isArmed: boolean;
  /** Paths of other events, shown where this one lacks them. */
  readonly elsewhere?: Elsewheres | undefined;
  readonly onPick: (keys: Keys) => void;
}): ReactNode {
  const name = keys.at(-1);
  const isMarked = use(Marked).has(keys.join('\0'));
  if (typeof value !== 'object' || value === null || keys.length > DEEPEST) {
    return <Leaf keys={keys} text={shownText(value)} isArmed={isArmed} onPick={onPick} />;
  }
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  const others = isList || elsewhere === undefined ? [] : missingAt(elsewhere, keys, value);
  const inner = [
    ...members.slice(0, MOST).map(([key, member]) => (
      <li key={key}>
        <EventTree
          value={member}
          keys={[...keys, isList ? Number(key) : key]}
          isArmed={isArmed}
          elsewhere={elsewhere}
          onPick={onPick}
        />
      </li>
    )),
    ...others.slice(0, MOST).map((one) => (
      <li key={one.key}>
        <Missing
          one={one}
          keys={[...keys, one.key]}
          isArmed={isArmed}
          elsewhere={elsewhere}
          onPick={onPick}
        />
      </li>
    )),
  ];
  if (name === undefined) return <ul className={styles['tree']}>{inner}</ul>;
  return (
    <details open={keys.length < 3 || (keys.length === 3 && isFirst(name))}>
      <summary className={isMarked ? styles['marked'] : ''} {...gives(keys)}>
        <code>{name}</code> {isList ? `[${members.length}]` : `{${members.length}}`}
      </summary>
      {isArmed ? <Leaf keys={keys} text={isList ? '[…]' : '{…}'} isArmed={isArmed} onPick={onPick} /> : null}
      <ul className={styles['tree']}>{inner}</ul>
    </details>
  );
}

/** The first items of a list are open, to select paths of items. */
function isFirst(key: string | number): boolean {
  return typeof key === 'number' && key < 3;
}

/** Members that this event lacks but others of its name have, with their children. */
function Missing({
  one: { types, share },
  keys,
  isArmed,
  elsewhere,
  onPick,
}: {
  readonly one: Elsewhere;
  readonly keys: Keys;
  readonly isArmed: boolean;
  readonly elsewhere: Elsewheres | undefined;
  readonly onPick: (keys: Keys) => void;
}): ReactNode {
  const t = useTexts();
  const { percent } = useFormat();
  const below = elsewhere === undefined || keys.length > DEEPEST ? [] : missingAt(elsewhere, keys, {});
  const text = t('fields.elsewhere', { types: types.join(', '), share: percent(share) });
  return (
    <>
      <Leaf keys={keys} text={text} isGhost isArmed={isArmed} onPick={onPick} />
      {below.length === 0 ? null : (
        <ul className={styles['tree']}>
          {below.slice(0, MOST).map((other) => (
            <li key={other.key}>
              <Missing
                one={other}
                keys={[...keys, other.key]}
                isArmed={isArmed}
                elsewhere={elsewhere}
                onPick={onPick}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Leaf({
  keys,
  text,
  isGhost = false,
  isArmed,
  onPick,
}: {
  readonly keys: Keys;
  readonly text: string;
  /** Whether this event lacks the value. */
  readonly isGhost?: boolean;
  readonly isArmed: boolean;
  readonly onPick: (keys: Keys) => void;
}): ReactNode {
  const t = useTexts();
  const path = pathOf(keys);
  const isMarked = use(Marked).has(keys.join('\0'));
  return (
    <button
      type="button"
      className={[styles['leaf'], isGhost ? styles['ghost'] : '', isMarked ? styles['marked'] : ''].join(' ')}
      aria-current={isMarked ? 'true' : undefined}
      {...gives(keys)}
      aria-disabled={!isArmed}
      aria-label={isArmed ? t('editor.pick.value', { path }) : `${path} ${text}`}
      title={path}
      onClick={() => {
        if (isArmed) onPick(keys);
      }}
    >
      <code className={styles['key']}>{String(keys.at(-1) ?? '$')}</code>{' '}
      {isGhost ? text : <code>{text}</code>}
    </button>
  );
}

/** The drag handlers of an element with a path. */
function gives(keys: Keys): Pick<HTMLAttributes<HTMLElement>, 'draggable' | 'onDragStart'> {
  return {
    draggable: true,
    onDragStart({ dataTransfer }) {
      dataTransfer.setData(PATH_TYPE, JSON.stringify(keys));
      dataTransfer.setData('text/plain', pathOf(keys));
      dataTransfer.effectAllowed = 'copy';
    },
  };
}

/** Missing, null and empty strings look different. */
function shownText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return '…';
  const text = JSON.stringify(value) ?? '';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function pathOf(keys: Keys): string {
  const value = reads(keys) as Record<string, unknown>;
  const path = value['@path'];
  return typeof path === 'string' ? path : JSON.stringify(keys);
}
