import type { TriggerEvent } from '@waybill/core';
import { judge, type Judgement, type Question } from './judge.ts';

/** What the page sends: events once, and questions about them at every keystroke. */
export type Asked =
  | { readonly events: readonly TriggerEvent[] }
  | { readonly id: number; readonly question: Omit<Question, 'events'> };

/** What the engine answers. */
export interface Answered {
  readonly id: number;
  readonly judgement?: Judgement;
  /** Why there is none: a mistake of the engine itself. */
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
