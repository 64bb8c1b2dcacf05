import type { HttpCall, HttpFailure, HttpResponse } from '@waybill/core';
import type { CallEvents } from './events.ts';
import { ContainmentError } from './failure.ts';
import type { FromProcess, TaskContext, ToProcess, WireAnswer, WireCall } from './protocol.ts';

/** A running task of a process, from outside. */
export interface OpenTask {
  readonly result: Promise<unknown>;
  /** Handles a message of the process about this task. */
  hear(message: Extract<FromProcess, { readonly id: number }>): void;
  readonly events: CallEvents | undefined;
  /** Aborts the task after its timeout. */
  tick(now: number, limit: number): void;
  fail(error: Error): void;
}

/** Starts to track a task; its HTTP calls and its memory are those of `context`. */
export function openTask(id: number, context: TaskContext, post: (message: ToProcess) => void): OpenTask {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  promise.catch(() => undefined);
  /** Time spent by the code itself: the wait for HTTP answers is bounded by the client. */
  let own = 0;
  let since = Date.now();
  let waiting = 0;

  const aside = async (number: number, work: () => Promise<unknown>): Promise<void> => {
    if (waiting === 0) own += Date.now() - since;
    waiting += 1;
    const value = await work();
    waiting -= 1;
    if (waiting === 0) since = Date.now();
    post({ kind: 'reply', id, number, value });
  };
  return {
    result: promise,
    events: context.events,
    hear(message) {
      const { request, memory } = context;
      switch (message.kind) {
        case 'done':
          return resolve(message.value);
        case 'threw':
          return reject(new Error(message.message));
        case 'request':
          return void aside(message.number, async () =>
            wireAnswer(await request(callOf(message.call))),
          ).catch(reject);
        case 'read':
          return context.events?.read();
        case 'recall':
          return void aside(message.number, async () => memory?.get(message.key)).catch(reject);
        case 'remember':
          return void aside(message.number, async () => memory?.set(message.key, message.value)).catch(
            reject,
          );
      }
    },
    tick(now, limit) {
      if (waiting > 0 || own + now - since <= limit) return;
      const message = `The code of the module did not answer within ${limit / 1000} s of its own time.`;
      reject(new ContainmentError('destination_timeout', message));
    },
    fail: reject,
  };
}

/** Returns the call to make; one that could not be encoded fails like every other, and is recorded. */
function callOf({ broken, ...call }: WireCall): HttpCall {
  if (broken === undefined) return call;
  return {
    ...call,
    json: {
      toJSON() {
        throw new Error(broken);
      },
    },
  };
}

/** Returns the answer to a call, without derivable members. */
function wireAnswer(answer: HttpResponse | HttpFailure): WireAnswer {
  if (answer.kind === 'failure') return answer;
  const { body: _body, ...rest } = answer;
  return rest;
}
