/** One end of a line to another thread. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** Functions that the other end can ask for. */
export type Answers = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

/** What goes over the line: a question, what was answered, why nothing was, or something that is told. */
type Message =
  | { readonly tell: string; readonly given: readonly unknown[] }
  | { readonly ask: string; readonly id: number; readonly given: readonly unknown[] }
  | { readonly answer: number; readonly value: unknown }
  | { readonly failed: number; readonly message: string };

/** Asks the functions of the other end, and answers for those of this one. */
export interface Channel {
  ask<T>(name: string, ...given: readonly unknown[]): Promise<T>;
  /** Has a function of the other end called; its answer is of no interest. */
  tell(name: string, ...given: readonly unknown[]): void;
  /** A message has come in. */
  heard(message: unknown): void;
  /** The other end is gone: nothing is answered any more. */
  end(reason: Error): void;
}

/** Names memory that moves over to the other end instead of being copied: of what is given with a question, and of answers. */
export interface Moving {
  given?(name: string, given: readonly unknown[]): readonly ArrayBuffer[];
  answered?(value: unknown): readonly ArrayBuffer[];
}

/** Opens this end of a line. */
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
        void answers[one.tell]!(...(one.given as never[]));
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
