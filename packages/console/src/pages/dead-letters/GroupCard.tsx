import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { filterOfGroup, type Group, nameOf } from './filter.ts';
import { Why } from './Why.tsx';

/** Dead letters with the same failure: why, what to do, how many would pass now. */
export function GroupCard({
  group,
  onOpen,
}: {
  readonly group: Group;
  readonly onOpen: (what: 'replay' | 'dismiss') => void;
}): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  const { destination, mappingId, code, field, count, users, sample, checked, passNow } = group;
  return (
    <section aria-label={nameOf(group)} className={styles['card']}>
      <h2>
        {destination} · {mappingId}
      </h2>
      <Why code={code} field={field} message={sample.message}>
        <Badge state="rejected">{t('dead.count', { count })}</Badge>
        <span>{t('dead.users', { count: users })}</span>
      </Why>
      <p className={styles['muted']}>
        {t('dead.first')}: <Time at={group.first} /> · {t('dead.last')}: <Time at={group.last} />
      </p>
      <p>
        <strong>{t('dead.pass', { passes: number(passNow), checked: number(checked) })}</strong>
      </p>
      <div className={styles['row']}>
        <Button look="primary" onClick={() => onOpen('replay')}>
          {t('dead.replay')}
        </Button>
        <Button onClick={() => onOpen('dismiss')}>{t('dead.dismiss')}</Button>
        <Link to="/dead-letters" search={filterOfGroup(group)}>
          {t('dead.items')}
        </Link>
        <Link to="/dead-letters/$id" params={{ id: String(sample.id) }}>
          {t('dead.sample')}
        </Link>
        {mappingId !== '' && (
          <Link
            to="/destinations/$id/mappings/$mapping"
            params={{ id: destination, mapping: mappingId }}
            search={{ sample: sample.messageId }}
          >
            {t('dead.mapping')}
          </Link>
        )}
      </div>
    </section>
  );
}
