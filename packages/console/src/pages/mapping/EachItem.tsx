import { type ReactNode, useState } from 'react';
import { type Each, placesOf, withEach } from '../../editor/each.ts';
import { placeOf } from '../../editor/picked.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import { takesPath } from './drop.ts';
import styles from './Mapping.module.css';
import { Members, type MembersProps } from './Members.tsx';
import { Pick } from './Pick.tsx';
import { Surroundings, useAround } from './use-traced.ts';
import { Value } from './Value.tsx';

/** One table for all items of a list, with the result for the selected item. */
export function EachItem({
  each,
  value,
  made,
  path,
  at,
  onChange,
  ...rest
}: Omit<MembersProps, 'values' | 'given' | 'onChange'> & {
  readonly each: Each;
  readonly value: unknown;
  /** The resulting items for the sample event. */
  readonly made: readonly unknown[];
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const t = useTexts();
  const around = useAround();
  const places = placesOf(value, at);
  const [turned, setTurned] = useState(0);
  const turn = Math.min(turned, Math.max(made.length - 1, 0));
  return (
    <div role="group" aria-label={t('fields.each')} className={styles['card']}>
      <div
        role="group"
        aria-label={t('fields.each.list')}
        className={`${styles['slot']} ${around.armed === placeOf(places.list) ? styles['armed'] : ''}`}
        {...takesPath((keys) => around.pick(places.list, keys))}
      >
        <div className={styles['line']}>
          <strong>{t('fields.each')}</strong>
          <span className={styles['actions']}>
            <Pick at={places.list} name={t('fields.each.list')} />
          </span>
        </div>
        <Value
          value={each.list}
          at={places.list}
          depth={1}
          onChange={(list) => onChange(withEach(value, { list }))}
        />
      </div>
      <Pager at={turn} all={made.length} onTurn={setTurned} />
      <Surroundings value={{ ...around, turned: turn }}>
        <Members
          {...rest}
          path={`${path}[${turn}]`}
          at={places.shape}
          values={each.shape}
          given={made[turn]}
          onChange={(shape) => onChange(withEach(value, { shape }))}
        />
      </Surroundings>
    </div>
  );
}

/** Navigates the items. */
function Pager({
  at,
  all,
  onTurn,
}: {
  readonly at: number;
  readonly all: number;
  readonly onTurn: (at: number) => void;
}): ReactNode {
  const t = useTexts();
  return (
    <div className={styles['line']}>
      <span role="status">
        {all === 0 ? t('fields.each.none') : t('fields.each.at', { at: at + 1, all })}
      </span>
      <span className={styles['actions']}>
        <Button
          look="quiet"
          aria-label={t('fields.each.before')}
          disabled={at === 0}
          onClick={() => onTurn(at - 1)}
        >
          ‹
        </Button>
        <Button
          look="quiet"
          aria-label={t('fields.each.next')}
          disabled={at + 1 >= all}
          onClick={() => onTurn(at + 1)}
        >
          ›
        </Button>
      </span>
    </div>
  );
}
