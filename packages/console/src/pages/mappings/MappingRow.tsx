import { Link } from '@tanstack/react-router';
import { type DragEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mappings.module.css';
import type { Mapping, MappingNews } from './use-mappings.ts';

/** The drag state of a row. */
interface Drag {
  /** Whether another row is being dragged, so that this one is a drop target. */
  readonly isUnder: boolean;
  readonly onStart: () => void;
  readonly onEnd: () => void;
  readonly onDrop: () => void;
}

interface RowProps {
  readonly destination: string;
  readonly mapping: Mapping;
  readonly news: MappingNews | undefined;
  /** Its index, and the number of rows. */
  readonly place: { readonly at: number; readonly count: number };
  readonly isChosen: boolean;
  readonly onChoose: (chosen: boolean) => void;
  readonly onEnable: (enabled: boolean) => void;
  readonly onMove: (to: number) => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
  readonly drag: Drag;
}

/** A row of a mapping: what it is, its status, and its actions. */
export function MappingRow(props: RowProps): ReactNode {
  const t = useTexts();
  const { destination, mapping, news, drag } = props;
  const { id, name, trigger, action, enabled } = mapping;
  const row = useRef<HTMLLIElement>(null);
  const [isOver, setOver] = useState(false);
  const takes = (event: DragEvent): void => {
    if (!drag.isUnder) return;
    event.preventDefault();
    setOver(event.type === 'dragover');
    if (event.type === 'drop') drag.onDrop();
  };
  return (
    <li
      ref={row}
      className={`${styles['row']} ${isOver && drag.isUnder ? styles['over'] : ''}`}
      onDragOver={takes}
      onDragLeave={() => setOver(false)}
      onDrop={takes}
    >
      <span
        className={styles['handle']}
        draggable
        aria-hidden="true"
        title={t('mappings.drag')}
        onDragStart={(event) => {
          event.dataTransfer.setData('text/plain', id);
          event.dataTransfer.effectAllowed = 'move';
          if (row.current !== null) event.dataTransfer.setDragImage(row.current, 8, 8);
          drag.onStart();
        }}
        onDragEnd={drag.onEnd}
      >
        ⠿
      </span>
      <input
        type="checkbox"
        className={styles['check']}
        aria-label={t('mappings.choose', { name })}
        checked={props.isChosen}
        onChange={({ target }) => props.onChoose(target.checked)}
      />
      <Places {...props} />
      <div className={styles['main']}>
        <Link to="/destinations/$id/mappings/$mapping" params={{ id: destination, mapping: id }}>
          {name}
        </Link>{' '}
        {news?.drafts.includes(id) === true ? <Badge state="draft" /> : null}
        <code className={styles['trigger']}>{trigger}</code>
      </div>
      <div className={styles['about']}>
        <code>{action}</code>
        <Day destination={destination} mapping={id} news={news} />
        <LastChange change={news?.changes.get(id)} isKnown={news !== undefined} />
      </div>
      <div className={styles['actions']}>
        <Switch label={name} hideLabel checked={enabled} onChange={props.onEnable} />
        <Button look="quiet" aria-label={t('mappings.duplicate.one', { name })} onClick={props.onCopy}>
          {t('mappings.duplicate')}
        </Button>
        <Button look="quiet" aria-label={t('mappings.remove.one', { name })} onClick={props.onRemove}>
          {t('mappings.remove')}
        </Button>
      </div>
    </li>
  );
}

/** The buttons that move a row. The pressed button keeps the focus. */
function Places({ mapping, place, onMove }: RowProps): ReactNode {
  const t = useTexts();
  const pressed = useRef<HTMLButtonElement>(undefined);
  // React moves the row in the document, which loses the focus.
  useLayoutEffect(() => {
    pressed.current?.focus();
    pressed.current = undefined;
  }, [place.at]);
  const button = (to: number, sign: string, text: 'mappings.up' | 'mappings.down'): ReactNode => (
    <button
      type="button"
      className={styles['move']}
      aria-label={t(text, { name: mapping.name })}
      // Stays focusable: a row at the end keeps the focus.
      aria-disabled={to < 0 || to >= place.count}
      onClick={({ currentTarget }) => {
        pressed.current = currentTarget;
        onMove(to);
      }}
    >
      {sign}
    </button>
  );
  return (
    <span className={styles['moves']}>
      {button(place.at - 1, '↑', 'mappings.up')}
      {button(place.at + 1, '↓', 'mappings.down')}
    </span>
  );
}

function Day({
  destination,
  mapping,
  news,
}: {
  readonly destination: string;
  readonly mapping: string;
  readonly news: MappingNews | undefined;
}): ReactNode {
  const t = useTexts();
  if (news === undefined) return <span />;
  const { delivered, rejected } = news.day.get(mapping) ?? { delivered: 0, rejected: 0 };
  const search = { destination, mapping };
  return (
    <span className={styles['day']} title={t('mappings.day')}>
      <Link to="/events" search={{ ...search, outcome: 'delivered' }}>
        <Badge state={delivered === 0 ? 'skipped' : 'delivered'}>
          {t('mappings.delivered', { count: delivered })}
        </Badge>
      </Link>
      {rejected === 0 ? null : (
        <Link to="/events" search={{ ...search, outcome: 'rejected' }}>
          <Badge state="rejected">{t('mappings.rejected', { count: rejected })}</Badge>
        </Link>
      )}
    </span>
  );
}

function LastChange({
  change,
  isKnown,
}: {
  readonly change: { readonly by: string; readonly at: number; readonly note?: string } | undefined;
  readonly isKnown: boolean;
}): ReactNode {
  const t = useTexts();
  if (!isKnown) return <span />;
  if (change === undefined) return <span className={styles['muted']}>{t('mappings.unchanged')}</span>;
  return (
    <span className={styles['muted']} title={change.note}>
      {t('mappings.changed', { by: change.by })} <Time at={change.at} />
    </span>
  );
}
