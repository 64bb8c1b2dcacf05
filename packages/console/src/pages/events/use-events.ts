import type { FoundEvent } from '@waybill/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type LiveState, useLive } from '../../live.ts';
import { useClient } from '../../session.tsx';
import { triggerOf } from './as-trigger.ts';
import { type EventsSearch, isNarrow, queryOf } from './search.ts';

/** The number of rows of a page of the list. */
export const PAGE = 200;
/** The maximum number of rows in the browser. */
const MOST_ROWS = 40_000;
/** The number of rows for which a search continues automatically, and of pages of the log it reads for them. */
const ENOUGH = 30;
const PATIENCE = 8;
/** The maximum number of new rows. */
const MOST_FRESH = 1_000;
/** The number of new rows whose outcomes are polled, and of events of the log that are read for them. */
const LOOKED_AT = 100;
const MOST_LOOKED_AT = 1_000;
/** The polling interval of outcomes of new rows, in milliseconds. */
const OUTCOMES_EVERY = 1_000;

/** The results of a search so far. */
export interface Events {
  readonly rows: readonly FoundEvent[];
  readonly scanned: number;
  readonly complete: boolean;
  /** Whether the limit is reached, although there is more. */
  readonly full: boolean;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly goOn: () => void;
  readonly live: LiveState;
  /** The number of new events that are not shown. */
  readonly skipped: number;
}

/** Hook that searches events, newest first, and follows new ones. */
export function useEvents(search: EventsSearch, follow: boolean): Events {
  const client = useClient();
  const query = queryOf(search);
  const key = JSON.stringify(query);
  const found = useInfiniteQuery({
    queryKey: ['events', key],
    queryFn: ({ pageParam }) =>
      client.get('/api/events', {
        query: {
          ...query,
          limit: PAGE,
          outcomes: true,
          ...(pageParam === undefined ? {} : { before: pageParam }),
        },
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next,
    // The list would jump.
    refetchOnWindowFocus: false,
    staleTime: 30_000,
  });
  const pages = useMemo(() => found.data?.pages ?? [], [found.data]);
  const rows = useMemo(() => pages.flatMap(({ events }) => events), [pages]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  // Matches may be rare: one page of the log may have none.
  const isSparse = isNarrow(search) && rows.length < ENOUGH && pages.length < PATIENCE;
  useEffect(() => {
    if (isSparse && hasNextPage && !isFetching) void fetchNextPage();
  }, [isSparse, hasNextPage, isFetching, fetchNextPage]);
  const fresh = useFresh(search, key, follow && found.data !== undefined, rows[0]?.seq);
  return {
    rows: useMemo(() => (fresh.rows.length === 0 ? rows : [...fresh.rows, ...rows]), [fresh.rows, rows]),
    scanned: pages.reduce((sum, { scanned }) => sum + scanned, fresh.rows.length),
    complete: pages.at(-1)?.complete ?? false,
    full: rows.length >= MOST_ROWS,
    loading: isFetching,
    error: found.error,
    goOn: () => void fetchNextPage(),
    live: fresh.state,
    skipped: fresh.skipped,
  };
}

interface Fresh {
  readonly rows: readonly FoundEvent[];
  readonly skipped: number;
  readonly state: LiveState;
}

interface Held {
  /** The search that found them. */
  readonly key: string;
  readonly rows: readonly FoundEvent[];
  readonly skipped: number;
}

const NOTHING: Held = { key: '', rows: [], skipped: 0 };

/** Hook for new events, and a little later their outcomes. */
function useFresh(search: EventsSearch, key: string, follow: boolean, after: number | undefined): Fresh {
  const client = useClient();
  const [held, setHeld] = useState<Held>({ key, rows: [], skipped: 0 });
  const own = held.key === key ? held : { ...NOTHING, key };
  const newest = own.rows[0]?.seq ?? after;
  const latest = useRef(own.rows);
  const looks = useRef({ wanted: false, running: false });
  const look = useCallback(async (): Promise<void> => {
    const { current } = looks;
    // Some events never have an outcome: they leave the polled rows eventually.
    const rows = latest.current.slice(0, LOOKED_AT);
    const oldest = rows.findLast(({ outcomes = [] }) => outcomes.length === 0)?.seq;
    if (!current.wanted || current.running || oldest === undefined) return;
    Object.assign(current, { wanted: false, running: true });
    try {
      const limit = Math.min(MOST_LOOKED_AT, rows[0]!.seq - oldest + 1);
      const query = { after: oldest - 1, limit, outcomes: true };
      const known = new Map((await client.get('/api/events', { query })).events.map((one) => [one.seq, one]));
      setHeld((before) => ({ ...before, rows: before.rows.map((one) => known.get(one.seq) ?? one) }));
    } catch {
      // Checked again with the next outcomes.
    }
    setTimeout(() => {
      current.running = false;
      void look();
    }, OUTCOMES_EVERY);
  }, [client]);
  useEffect(() => {
    latest.current = own.rows;
    // Outcomes may have come together with the rows.
    void look();
  }, [own.rows, look]);
  const state = useLive({
    topics: ['events', 'outcomes'],
    where: triggerOf(search),
    sourceId: search.source,
    after: newest,
    paused: !follow,
    onMessages(messages) {
      const wanted = messages.flatMap((one) => (one.kind === 'events' ? [one.data] : []));
      const skipped = messages.reduce(
        (sum, one) => (one.kind === 'skipped' ? sum + one.data.skipped : sum),
        0,
      );
      if (wanted.length > 0 || skipped > 0) setHeld((before) => added(before, key, wanted, skipped));
      if (messages.some(({ kind }) => kind === 'outcomes')) {
        looks.current.wanted = true;
        void look();
      }
    },
  });
  return { rows: own.rows, skipped: own.skipped, state };
}

/** Adds new events on top; drops those of another search. */
function added(before: Held, key: string, events: readonly FoundEvent[], skipped: number): Held {
  const base = before.key === key ? before : { key, rows: [], skipped: 0 };
  const newest = base.rows[0]?.seq ?? 0;
  const rows = [...events.filter(({ seq }) => seq > newest).toReversed(), ...base.rows];
  return { key, rows: rows.slice(0, MOST_FRESH), skipped: base.skipped + skipped };
}
