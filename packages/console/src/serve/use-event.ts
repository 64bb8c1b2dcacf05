import type { Event } from '@waybill/core';
import { useEffect, useState } from 'react';
import { call } from './calls.ts';

/** The event that is tried: one of the Segment spec by its name, or typed. */
export interface EventChoice {
  readonly names: readonly string[];
  readonly name: string;
  readonly text: string;
  /** Undefined while the text is no event. */
  readonly event: Event | undefined;
  readonly choose: (name: string) => void;
  readonly type: (text: string) => void;
}

/** Begins with the event that fits the action, as long as nobody has chosen or typed another. */
export function useEvent(first: string): EventChoice {
  const [names, setNames] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [typed, setTyped] = useState<string>();
  const [made, setMade] = useState({ name: '', text: '' });
  const name = chosen ?? first;
  useEffect(() => {
    void call<{ readonly names: readonly string[] }>('GET', '/api/events').then((all) => setNames(all.names));
  }, []);
  useEffect(() => {
    let isOver = false;
    void call('POST', '/api/event', { name }).then((event) => {
      if (!isOver) setMade({ name, text: JSON.stringify(event, null, 2) });
    });
    return () => {
      isOver = true;
    };
  }, [name]);
  const text = typed ?? made.text;
  return {
    names: [...new Set([name, ...names])].toSorted(),
    name,
    text,
    event: eventOf(text),
    choose(next) {
      setChosen(next);
      setTyped(undefined);
    },
    type: setTyped,
  };
}

function eventOf(text: string): Event | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Event)
      : undefined;
  } catch {
    return undefined;
  }
}
