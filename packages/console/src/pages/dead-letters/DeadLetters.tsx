import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../format.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { DismissDialog, ReplayGroup } from './Dialogs.tsx';
import { type Filter, filterOfGroup, filterOfSearch, type Group, isOneGroup, nameOf } from './filter.ts';
import { GroupCard } from './GroupCard.tsx';
import { Items } from './Items.tsx';
import { ReplayCard } from './ReplayCard.tsx';

/** Dead letters grouped by problem: how many would pass now, replays, and their outcomes. */
export default function DeadLetters(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const filter = filterOfSearch(search);
  const replayedAt = Number(search['replayedAt']);
  const [opened, setOpened] = useState<{ readonly group: Group; readonly what: 'replay' | 'dismiss' }>();
  const [dismissed, setDismissed] = useState<number>();
  const isNarrow = Object.keys(filter).length > 0;
  const groups = useQuery({
    queryKey: ['dead-letters', 'groups', filter],
    queryFn: () => client.get('/api/dead-letters/groups', { query: filter }),
  });
  const close = (): void => setOpened(undefined);
  const done = (): void => {
    close();
    void queries.invalidateQueries({ queryKey: ['dead-letters'] });
  };
  return (
    <>
      <h1>{t('dead.title')}</h1>
      {isNarrow && <Chosen filter={filter} />}
      {search['replayedAt'] !== undefined && Number.isSafeInteger(replayedAt) && (
        <ReplayCard at={replayedAt} />
      )}
      <p role="status">{dismissed === undefined ? '' : t('dead.dismissed', { count: dismissed })}</p>
      {groups.isError && <Failure error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <Loading />}
      {groups.data?.complete === false && <p>{t('dead.more')}</p>}
      {groups.data?.groups.length === 0 &&
        (isNarrow ? (
          <Empty title={t('dead.none.match')}>
            <Link to="/dead-letters">{t('dead.all')}</Link>
          </Empty>
        ) : (
          <Empty title={t('dead.none')}>{t('dead.none.hint')}</Empty>
        ))}
      {groups.data?.groups.map((group) => (
        <GroupCard key={nameOf(group)} group={group} onOpen={(what) => setOpened({ group, what })} />
      ))}
      {isOneGroup(filter) && (groups.data?.groups.length ?? 0) > 0 && (
        <Items filter={filter} label={t('dead.items')} />
      )}
      {opened?.what === 'replay' && (
        <ReplayGroup
          group={opened.group}
          onClose={close}
          onDone={(at) => {
            done();
            void navigate({ to: '/dead-letters', search: { replayedAt: at } });
          }}
        />
      )}
      {opened?.what === 'dismiss' && (
        <DismissDialog
          count={opened.group.count}
          dismiss={(note) =>
            client.delete('/api/dead-letters', { body: { ...filterOfGroup(opened.group), ...note } })
          }
          onClose={close}
          onDone={(count) => {
            done();
            setDismissed(count);
          }}
        />
      )}
    </>
  );
}

/** The active filter, and a link to clear it. */
function Chosen({ filter }: { readonly filter: Filter }): ReactNode {
  const t = useTexts();
  const { moment } = useFormat();
  return (
    <p className={styles['row']}>
      {Object.entries(filter).map(([name, value]) => (
        <code key={name} className={styles['chip']}>
          {name} = {typeof value === 'number' ? moment(value) : value === '' ? '∅' : value}
        </code>
      ))}
      <Link to="/dead-letters">{t('dead.all')}</Link>
    </p>
  );
}
