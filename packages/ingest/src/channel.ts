/** One end of a channel to another thread. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** A started thread. */
export interface StartedThread extends Port {
  /** Stops it, at once or after a timeout. */
  end(): Promise<void>;
}

/** Starts a thread; calls `heard` with its messages, and `ended` when it stops. */
export type StartThread = (on: {
  readonly heard: (message: unknown) => void;
  readonly ended: (reason: Error) => void;
}) => StartedThread;

/** Functions that the other end can call. */
export type Answers = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

/** A message: a call, its result, its failure, or a notification. */
type Message =
  | { readonly tell: string; readonly given: readonly unknown[] }
  | { readonly ask: string; readonly id: number; readonly given: readonly unknown[] }
  | { readonly answer: number; readonly value: unknown }
  | { readonly failed: number; readonly message: string };

/** Calls functions of the other end, and answers calls of its own. */
export interface Channel {
  ask<T>(name: string, ...given: readonly unknown[]): Promise<T>;
  /** Calls a function of the other end without waiting for a result. */
  tell(name: string, ...given: readonly unknown[]): void;
  /** Handles an incoming message. */
  heard(message: unknown): void;
  /** Handles the loss of the other end: pending calls fail. */
  end(reason: Error): void;
}

/** Selects memory to transfer instead of copy, in arguments and results. */
export interface Moving {
  given?(name: string, given: readonly unknown[]): readonly ArrayBuffer[];
  answered?(value: unknown): readonly ArrayBuffer[];
}

/** Opens this end of a channel. */
export function createChannel(port: Port, answers: Answers, moving: Moving = {}): Channel {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let next = 1;
  let ended: Error | undefined;
  const answer = async (name: string, id: number, given: readonly unknown[]): Promise<void> => {
    let message: Message;
    try {
      message = { answer: id, value: await answers[name]!(...(given as never[])) };
    } catch (error) {
      message = { failed: id, message: error instanceof Error ? error.message : String(error) };
    }
    if (ended === undefined)
      port.postMessage(message, 'answer' in message ? moving.answered?.(message.value) : []);
  };
  return {
    async ask<T>(name: string, ...given: readonly unknown[]) {
      if (ended !== undefined) throw ended;
      const asked = Promise.withResolvers<unknown>();
      const id = next++;
      port.postMessage({ ask: name, id, given } satisfies Message, moving.given?.(name, given));
      waiting.set(id, asked);
      return (await asked.promise) as T;
    },
    tell(name, ...given) {
      if (ended === undefined) port.postMessage({ tell: name, given } satisfies Message);
    },
    heard(message) {
      const one = message as Message;
      if ('tell' in one) {
        // Without an answer there is no caller to report a failure to.
        answers[one.tell]!(...(one.given as never[])).catch(() => undefined);
        return;
      }
      if ('ask' in one) {
        void answer(one.ask, one.id, one.given);
        return;
      }
      const id = 'answer' in one ? one.answer : one.failed;
      const asked = waiting.get(id);
      waiting.delete(id);
      if ('answer' in one) asked?.resolve(one.value);
      else asked?.reject(new Error(one.message));
    },
    end(reason) {
      ended = reason;
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
}
