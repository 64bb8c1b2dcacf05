import { useQuery } from '@tanstack/react-query';
import type { Event } from '@waybill/core';
import { useMemo, useState } from 'react';
import { useClient } from '../../session.tsx';

/** Events that every keystroke is tried on. */
const SAMPLES = 100;
const NONE: readonly Event[] = [];

/** The events that a mapping is tried on, and the selected one. */
export interface Samples {
  readonly events: readonly Event[];
  readonly selected: number;
  /** The one that is inspected; undefined when there are none. */
  readonly event: Event | undefined;
  /** Whether an event is in the log of the server. */
  isLogged(event: Event): boolean;
  select(messageId: string): void;
  /** Looks at an event that is written here. */
  paste(event: Event): void;
  /** Looks at an event of the log, of any age. */
  take(event: Event): void;
  /** Looks at an event of the log; rejects when there is none of that id any more. */
  open(messageId: string): Promise<void>;
  /** Shows the event at a place until somebody chooses one. */
  prefer(at: number | undefined): void;
}

/** The newest events, and those that were opened, found, or written here. */
export function useSamples(): Samples {
  const client = useClient();
  const [chosen, select] = useState<string>();
  const [first, setFirst] = useState(0);
  const [added, setAdded] = useState(NONE);
  const [pasted, setPasted] = useState<ReadonlySet<Event>>(new Set());
  const found = useQuery({
    queryKey: ['samples', SAMPLES],
    // An event that arrives while somebody types must not shift the others.
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
    // What is written here takes the place of an event of the same id.
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
