import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { DeadLetterGroups } from '@waybill/api';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../format.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { DeleteGroup, ReplayGroup } from './GroupDialogs.tsx';

type Group = DeadLetterGroups['groups'][number];

const FILTERS = ['destination', 'mappingId', 'code', 'user'] as const;

/** Dead letters by what was wrong with them: how many would pass now, and sending or deleting them. */
export default function DeadLetters(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) => (search[name] === undefined ? [] : [[name, String(search[name])]])),
  );
  const [opened, setOpened] = useState<{ readonly group: Group; readonly what: 'replay' | 'delete' }>();
  const [replayed, setReplayed] = useState<number>();
  const groups = useQuery({
    queryKey: ['dead-letters', 'groups', filter],
    queryFn: () => client.get('/api/dead-letters/groups', { query: filter }),
  });
  const done = (count?: number): void => {
    setOpened(undefined);
    setReplayed(count);
    void queries.invalidateQueries({ queryKey: ['dead-letters'] });
  };
  return (
    <>
      <h1>{t('dead.title')}</h1>
      {Object.keys(filter).length > 0 && (
        <p className={styles['row']}>
          {Object.values(filter).map((value) => (
            <code key={value}>{value}</code>
          ))}
          <Link to="/dead-letters">{t('dead.all')}</Link>
        </p>
      )}
      <p role="status">{replayed === undefined ? '' : t('dead.replayed', { count: replayed })}</p>
      {groups.isError && <Failure error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <Loading />}
      {groups.data?.complete === false && <p>{t('dead.more')}</p>}
      {groups.data?.groups.length === 0 && <Empty title={t('dead.none')}>{t('dead.none.hint')}</Empty>}
      {groups.data?.groups.map((group) => (
        <GroupCard key={nameOf(group)} group={group} onOpen={(what) => setOpened({ group, what })} />
      ))}
      {opened?.what === 'replay' && (
        <ReplayGroup group={opened.group} onClose={() => setOpened(undefined)} onDone={done} />
      )}
      {opened?.what === 'delete' && (
        <DeleteGroup group={opened.group} onClose={() => setOpened(undefined)} onDone={() => done()} />
      )}
    </>
  );
}

function nameOf({ destination, mappingId, code, field = '' }: Group): string {
  return [destination, mappingId, code, field].filter(Boolean).join(' · ');
}

function GroupCard({
  group,
  onOpen,
}: {
  readonly group: Group;
  readonly onOpen: (what: 'replay' | 'delete') => void;
}): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  const { destination, mappingId, code, field, count, users, sample, checked, passNow } = group;
  return (
    <section aria-label={nameOf(group)} className={styles['card']}>
      <h2>
        {destination} · {mappingId}
      </h2>
      <div className={styles['row']}>
        <Badge state="rejected">{t('dead.count', { count })}</Badge>
        <span>{t('dead.users', { count: users })}</span>
        <Copy text={code} />
        {field !== undefined && (
          <span>
            {t('dead.field')}: <code>{field}</code>
          </span>
        )}
      </div>
      <p>{sample.message}</p>
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
        <Button onClick={() => onOpen('delete')}>{t('dead.delete')}</Button>
        <Link to="/events/$messageId" params={{ messageId: sample.messageId }}>
          {t('dead.sample')}
        </Link>
        {mappingId !== '' && (
          <Link to="/destinations/$id/mappings/$mapping" params={{ id: destination, mapping: mappingId }}>
            {t('dead.mapping')}
          </Link>
        )}
      </div>
    </section>
  );
}
