import type { Answer, Harness } from './harness.ts';

/** A message of a stream. */
export interface Message {
  readonly event: string;
  readonly id?: string;
  readonly data: Answer;
}

/** A stream that is read. */
export interface Followed {
  /** The next message of one of these names. */
  next(...names: readonly string[]): Promise<Message>;
  readonly ended: Promise<void>;
  close(): void;
}

/** Subscribes to the activity of the server of a harness; resolves when the subscription is active. */
export async function follow(
  harness: Harness,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Followed> {
  const { url, adminToken } = harness.server;
  const stopping = new AbortController();
  const answer = await fetch(`${url}/api/stream?${query}`, {
    headers: { authorization: `Bearer ${adminToken}`, ...headers },
    signal: stopping.signal,
  });
  if (answer.status !== 200 || answer.body === null) throw new Error(`The stream answers ${answer.status}.`);
  const messages: Message[] = [];
  let heard: () => void = () => undefined;
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      messages.push(...blocks.flatMap(messageOf));
      heard();
    }
  };
  const ended = read(answer.body).catch(() => undefined);
  return {
    async next(...names) {
      for (;;) {
        const at = messages.findIndex(({ event }) => names.includes(event));
        if (at >= 0) return messages.splice(0, at + 1)[at]!;
        await new Promise<void>((resolve) => (heard = resolve));
      }
    },
    ended,
    close: () => stopping.abort(),
  };
}

function messageOf(block: string): readonly Message[] {
  const lines = new Map(
    block.split('\n').map((line) => [line.split(': ')[0]!, line.slice(line.indexOf(': ') + 2)]),
  );
  const [event, data, id] = [lines.get('event'), lines.get('data'), lines.get('id')];
  if (event === undefined || data === undefined) return [];
  return [{ event, data: JSON.parse(data), ...(id === undefined ? {} : { id }) }];
}
