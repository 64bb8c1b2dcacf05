import type { StreamMessage } from './stream.ts';

/** Parses the messages of a stream; leaves out incomplete messages and everything else. */
export async function* messagesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const message = messageIn(block);
        if (message !== undefined) yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function messageIn(block: string): StreamMessage | undefined {
  const values = new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)] as const;
    }),
  );
  const [kind, data, id] = [values.get('event'), values.get('data'), values.get('id')];
  if (kind === undefined || data === undefined) return undefined;
  // The server sends what the contract declares.
  return { kind, data: JSON.parse(data), ...(id === undefined ? {} : { id: Number(id) }) } as StreamMessage;
}
