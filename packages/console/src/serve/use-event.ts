import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Event } from '@waybill/core';
import { useMemo, useState } from 'react';
import { objectOf } from '../editor/object.ts';
import { call } from './calls.ts';

/** The event to try: one of the Segment spec by name, or typed. */
export interface EventChoice {
  readonly names: readonly string[];
  readonly name: string;
  readonly text: string;
  /** Undefined while the text is not an event. */
  readonly event: Event | undefined;
  readonly choose: (name: string) => void;
  readonly type: (text: string) => void;
}

/** Hook that starts with the event for the action, until another is chosen or typed. */
export function useEvent(first: string): EventChoice {
  const [{ chosen, typed }, set] = useState<{ readonly chosen?: string; readonly typed?: string }>({});
  const name = chosen ?? first;
  const all = useQuery({
    queryKey: ['names'],
    queryFn: () => call<{ readonly names: readonly string[] }>('GET', '/api/events'),
  });
  const made = useQuery({
    queryKey: ['event', name],
    queryFn: async () => JSON.stringify(await call('POST', '/api/event', { name }), null, 2),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const text = typed ?? made.data ?? '';
  return {
    names: [...new Set([name, ...(all.data?.names ?? [])])].toSorted(),
    name,
    text,
    event: useMemo(() => objectOf(text) as Event | undefined, [text]),
    choose: (next) => set({ chosen: next }),
    type: (next) => set({ ...(chosen === undefined ? {} : { chosen }), typed: next }),
  };
}
