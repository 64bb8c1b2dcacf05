import type { TriggerEvent } from '@waybill/core';
import { judge, type Judgement, type Question } from './judge.ts';

/** A message of the page: events once, and questions about them at every keystroke. */
export type Asked =
  | { readonly events: readonly TriggerEvent[] }
  | { readonly id: number; readonly question: Omit<Question, 'events'> };

/** An answer of the engine. */
export interface Answered {
  readonly id: number;
  readonly judgement?: Judgement;
  /** Why there is none: a bug in the engine. */
  readonly failure?: string;
}

let events: readonly TriggerEvent[] = [];

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  if ('events' in data) {
    events = data.events;
    return;
  }
  const { id, question } = data;
  try {
    answer({ id, judgement: judge({ ...question, events }) });
  } catch (error) {
    answer({ id, failure: String(error) });
  }
});

function answer(answered: Answered): void {
  postMessage(answered);
}
