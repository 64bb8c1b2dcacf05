import { type ReactNode, useState } from 'react';
import { type Each, withEach } from '../../editor/each.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';
import { Members, type MembersProps } from './Members.tsx';
import { Value } from './Value.tsx';

/** One table for all items of a list, with what it gives for the item that is turned to. */
export function EachItem({
  each,
  value,
  made,
  path,
  onChange,
  ...rest
}: Omit<MembersProps, 'values' | 'given' | 'onChange'> & {
  readonly each: Each;
  readonly value: unknown;
  /** What the items became for the sample event. */
  readonly made: readonly unknown[];
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const t = useTexts();
  const [turned, setTurned] = useState(0);
  const at = Math.min(turned, Math.max(made.length - 1, 0));
  return (
    <div role="group" aria-label={t('fields.each')} className={styles['card']}>
      <div role="group" aria-label={t('fields.each.list')} className={styles['slot']}>
        <strong>{t('fields.each')}</strong>
        <Value value={each.list} depth={1} onChange={(list) => onChange(withEach(value, { list }))} />
      </div>
      <div className={styles['line']}>
        <span role="status">
          {made.length === 0 ? t('fields.each.none') : t('fields.each.at', { at: at + 1, all: made.length })}
        </span>
        <span className={styles['actions']}>
          <Button
            look="quiet"
            aria-label={t('fields.each.before')}
            disabled={at === 0}
            onClick={() => setTurned(at - 1)}
          >
            ‹
          </Button>
          <Button
            look="quiet"
            aria-label={t('fields.each.next')}
            disabled={at + 1 >= made.length}
            onClick={() => setTurned(at + 1)}
          >
            ›
          </Button>
        </span>
      </div>
      <Members
        {...rest}
        path={`${path}[${at}]`}
        values={each.shape}
        given={made[at]}
        onChange={(shape) => onChange(withEach(value, { shape }))}
      />
    </div>
  );
}
