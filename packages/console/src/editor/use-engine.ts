import type { TriggerEvent } from '@waybill/core';
import { useEffect, useRef, useState } from 'react';
import type { Judgement, Question } from './judge.ts';
import type { Answered, Asked } from './worker.ts';

/** The answers of the engine, in a separate thread. */
export interface Engine {
  /** The last answer; it stays until the next one is there. */
  readonly judgement: Judgement | undefined;
  readonly failure: string | undefined;
}

interface Line {
  readonly worker: Worker;
  asked: number;
  isBusy: boolean;
  next: Omit<Question, 'events'> | undefined;
}

/** Asks the engine whenever the question changes. While it is busy, only the newest question waits. */
export function useEngine(
  question: Omit<Question, 'events'> | undefined,
  events: readonly TriggerEvent[],
): Engine {
  const line = useRef<Line>(undefined);
  const [engine, setEngine] = useState<Engine>({ judgement: undefined, failure: undefined });

  useEffect(() => {
    const worker = open();
    const own: Line = { worker, asked: 0, isBusy: false, next: undefined };
    line.current = own;
    worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
      own.isBusy = false;
      if (own.next !== undefined) send(own, own.next);
      setEngine((before) =>
        data.judgement === undefined
          ? { ...before, failure: data.failure }
          : { judgement: data.judgement, failure: undefined },
      );
    });
    return () => {
      line.current = undefined;
      worker.terminate();
    };
  }, []);

  useEffect(() => {
    line.current?.worker.postMessage({ events } satisfies Asked);
  }, [events]);

  useEffect(() => {
    if (line.current === undefined || question === undefined) return;
    if (line.current.isBusy) line.current.next = question;
    else send(line.current, question);
  }, [question, events]);

  return engine;
}

/** Asks the engine several questions about the same events, in a dedicated thread. */
export function tryAll(
  questions: readonly Omit<Question, 'events'>[],
  events: readonly TriggerEvent[],
): Promise<readonly Judgement[]> {
  if (questions.length === 0) return Promise.resolve([]);
  const worker = open();
  return new Promise<readonly Judgement[]>((resolve, reject) => {
    const found: Judgement[] = [];
    worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
      if (data.judgement === undefined) reject(new Error(data.failure));
      else found.push(data.judgement);
      if (found.length === questions.length) resolve(found);
    });
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.postMessage({ events } satisfies Asked);
    questions.forEach((question, id) => worker.postMessage({ id, question } satisfies Asked));
  }).finally(() => worker.terminate());
}

function open(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}

function send(line: Line, question: Omit<Question, 'events'>): void {
  line.isBusy = true;
  line.next = undefined;
  line.asked += 1;
  line.worker.postMessage({ id: line.asked, question } satisfies Asked);
}
