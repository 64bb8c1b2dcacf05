import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DeadLetter } from '@waybill/api';
import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { type Column, Table } from '../../kit/Table.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import type { Filter } from './filter.ts';

/** Small enough that large items do not cut a page short. */
const PAGE = 100;

/** The single dead letters of a filter, oldest first. */
export function Items({ filter, label }: { readonly filter: Filter; readonly label: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const items = useInfiniteQuery({
    queryKey: ['dead-letters', 'items', filter],
    initialPageParam: 0,
    queryFn: ({ pageParam: afterId }) =>
      client.get('/api/dead-letters', { query: { ...filter, afterId, limit: PAGE } }),
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
  });
  const columns: readonly Column<DeadLetter>[] = [
    {
      id: 'id',
      label: t('dead.items.id'),
      width: '6rem',
      cell: ({ id }) => (
        <Link
          to="/dead-letters/$id"
          params={{ id: String(id) }}
          aria-label={t('dead.one', { id: String(id) })}
        >
          {id}
        </Link>
      ),
    },
    { id: 'at', label: t('dead.items.at'), width: '8rem', cell: ({ at }) => <Time at={at} /> },
    { id: 'user', label: t('dead.items.user'), width: 'minmax(7rem, 1fr)', cell: ({ user }) => user },
    {
      id: 'event',
      label: t('dead.items.event'),
      width: 'minmax(8rem, 1fr)',
      cell: ({ messageId }) => (
        <Link to="/events/$messageId" params={{ messageId }}>
          {messageId}
        </Link>
      ),
    },
    {
      id: 'message',
      label: t('dead.items.message'),
      width: 'minmax(12rem, 3fr)',
      cell: ({ message }) => message,
    },
  ];
  const rows = items.data?.pages.flat() ?? [];
  return (
    <>
      {items.isError && <Failure error={items.error} onRetry={() => void items.refetch()} />}
      {rows.length > 0 && (
        <Table
          label={label}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          total={items.hasNextPage ? -1 : rows.length}
        />
      )}
      {items.hasNextPage && (
        <p>
          <Button disabled={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
            {t('dead.items.more')}
          </Button>
        </p>
      )}
    </>
  );
}
