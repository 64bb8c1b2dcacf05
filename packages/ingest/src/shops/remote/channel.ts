/** One end of a line to another thread. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** Functions that the other end can ask for. */
export type Answers = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

/** What goes over the line: a question, what was answered, or why nothing was. */
type Message =
  | { readonly ask: string; readonly id: number; readonly given: readonly unknown[] }
  | { readonly answer: number; readonly value: unknown }
  | { readonly failed: number; readonly message: string };

/** Asks the functions of the other end, and answers for those of this one. */
export interface Channel {
  ask<T>(name: string, ...given: readonly unknown[]): Promise<T>;
  /** A message has come in. */
  heard(message: unknown): void;
  /** The other end is gone: nothing is answered any more. */
  end(reason: Error): void;
}

/** Opens this end of a line. `bytesOf` names the memory of an answer that moves over instead of being copied. */
export function createChannel(
  port: Port,
  answers: Answers,
  bytesOf: (value: unknown) => readonly ArrayBuffer[] = () => [],
): Channel {
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
    if (ended === undefined) port.postMessage(message, 'answer' in message ? bytesOf(message.value) : []);
  };
  return {
    async ask<T>(name: string, ...given: readonly unknown[]) {
      if (ended !== undefined) throw ended;
      const asked = Promise.withResolvers<unknown>();
      const id = next++;
      waiting.set(id, asked);
      port.postMessage({ ask: name, id, given } satisfies Message);
      return (await asked.promise) as T;
    },
    heard(message) {
      const one = message as Message;
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
