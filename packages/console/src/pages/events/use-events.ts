import type { FoundEvent } from '@waybill/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type LiveState, useLive } from '../../live.ts';
import { useClient } from '../../session.tsx';
import { triggerOf } from './as-trigger.ts';
import { type EventsSearch, isNarrow, queryOf } from './search.ts';

/** Rows of a page of the list. */
export const PAGE = 200;
/** Rows that a page of a browser holds. */
const MOST_ROWS = 40_000;
/** Rows for which a search continues automatically, and pages of the log that it goes back for them. */
const ENOUGH = 30;
const PATIENCE = 8;
/** New rows that are held. */
const MOST_FRESH = 1_000;
/** New rows whose outcomes are inspected, and events of the log that are read for them. */
const LOOKED_AT = 100;
const MOST_LOOKED_AT = 1_000;
/** Milliseconds between two polls of the outcomes of new rows. */
const OUTCOMES_EVERY = 1_000;

/** What a search has found so far. */
export interface Events {
  readonly rows: readonly FoundEvent[];
  readonly scanned: number;
  readonly complete: boolean;
  /** Whether no more can be held, although there is more. */
  readonly full: boolean;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly goOn: () => void;
  readonly live: LiveState;
  /** New events that are not shown. */
  readonly skipped: number;
}

/** Looks for events, the newest first, and follows new ones. */
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
    // What is shown would jump.
    refetchOnWindowFocus: false,
    staleTime: 30_000,
  });
  const pages = useMemo(() => found.data?.pages ?? [], [found.data]);
  const rows = useMemo(() => pages.flatMap(({ events }) => events), [pages]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  // Few of many are like this: one piece of the log may hold none.
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
  /** The search that they were found by. */
  readonly key: string;
  readonly rows: readonly FoundEvent[];
  readonly skipped: number;
}

const NOTHING: Held = { key: '', rows: [], skipped: 0 };

/** New events as they come, and a little later their outcomes. */
function useFresh(search: EventsSearch, key: string, follow: boolean, after: number | undefined): Fresh {
  const client = useClient();
  const [held, setHeld] = useState<Held>({ key, rows: [], skipped: 0 });
  const own = held.key === key ? held : { ...NOTHING, key };
  const newest = own.rows[0]?.seq ?? after;
  const latest = useRef(own.rows);
  const looks = useRef({ wanted: false, running: false });
  const look = useCallback(async (): Promise<void> => {
    const { current } = looks;
    // Some events never have an outcome: they leave the rows that are inspected in time.
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
      // Looked at again with the next outcomes.
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

/** What is held, with new events on top; those of another search are not. */
function added(before: Held, key: string, events: readonly FoundEvent[], skipped: number): Held {
  const base = before.key === key ? before : { key, rows: [], skipped: 0 };
  const newest = base.rows[0]?.seq ?? 0;
  const rows = [...events.filter(({ seq }) => seq > newest).toReversed(), ...base.rows];
  return { key, rows: rows.slice(0, MOST_FRESH), skipped: base.skipped + skipped };
}
