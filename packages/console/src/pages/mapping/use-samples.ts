import { useQuery } from '@tanstack/react-query';
import type { Event } from '@waybill/core';
import { useMemo, useState } from 'react';
import { useClient } from '../../session.tsx';

/** The number of events tried at every keystroke. */
const SAMPLES = 100;
const NONE: readonly Event[] = [];

/** The events to try a mapping on, and the selected one. */
export interface Samples {
  readonly events: readonly Event[];
  readonly selected: number;
  /** The selected one; undefined when there are none. */
  readonly event: Event | undefined;
  /** Whether an event is in the log of the server. */
  isLogged(event: Event): boolean;
  select(messageId: string): void;
  /** Selects a typed event. */
  paste(event: Event): void;
  /** Selects an event of the log, of any age. */
  take(event: Event): void;
  /** Selects an event of the log by ID; rejects when it no longer exists. */
  open(messageId: string): Promise<void>;
  /** Sets the default selection. */
  prefer(at: number | undefined): void;
}

/** Hook for the newest events, and those that were opened, found or typed. */
export function useSamples(): Samples {
  const client = useClient();
  const [chosen, select] = useState<string>();
  const [first, setFirst] = useState(0);
  const [added, setAdded] = useState(NONE);
  const [pasted, setPasted] = useState<ReadonlySet<Event>>(new Set());
  const found = useQuery({
    queryKey: ['samples', SAMPLES],
    // New events must not shift the others.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { events } = await client.get('/api/events', { query: { limit: SAMPLES } });
      return events.flatMap(({ event, damage }) => (damage === undefined ? [event] : []));
    },
  });
  const newest = found.data ?? NONE;
  const events = useMemo(() => {
    const ids = new Set(added.map(({ messageId }) => messageId));
    return [...added, ...newest.filter(({ messageId }) => !ids.has(messageId))];
  }, [added, newest]);
  const at = events.findIndex(({ messageId }) => messageId === chosen);
  const selected = at === -1 ? Math.min(first, Math.max(events.length - 1, 0)) : at;
  const add = (event: Event): void => {
    // A typed event replaces one with the same ID.
    setAdded((before) => [event, ...before.filter(({ messageId }) => messageId !== event.messageId)]);
    select(event.messageId);
  };
  return {
    events,
    selected,
    event: events[selected],
    isLogged: (event) => !pasted.has(event),
    select,
    paste(event) {
      setPasted((before) => new Set([...before, event]));
      add(event);
    },
    take(event) {
      if (newest.some(({ messageId }) => messageId === event.messageId)) {
        setAdded((before) => before.filter(({ messageId }) => messageId !== event.messageId));
        select(event.messageId);
      } else add(event);
    },
    async open(messageId) {
      if (events.some((one) => one.messageId === messageId)) return select(messageId);
      const { event } = await client.get('/api/events/:id', { params: { id: messageId } });
      add(event);
    },
    prefer(place) {
      if (chosen === undefined && place !== undefined && place !== first && place < events.length)
        setFirst(place);
    },
  };
}
