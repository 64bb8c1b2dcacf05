import type { StreamMessage, Topic } from '@waybill/api';
import { ApiError } from '@waybill/api/client';
import { useEffect, useRef, useState } from 'react';
import { useClient } from './session.tsx';

/** The inputs of following. */
export interface LiveInput {
  readonly topics: readonly Topic[];
  /** A trigger that events must match. */
  readonly where?: string | undefined;
  /** Only events of this source. */
  readonly sourceId?: string | undefined;
  /** The position to start after; the end of the log when absent. */
  readonly after?: number | undefined;
  /** Whether following is paused. */
  readonly paused?: boolean;
  /** Called with new messages, at most once per frame. */
  readonly onMessages: (messages: readonly StreamMessage[]) => void;
}

/** The state of a stream; `refused` when the server rejects it. */
export type LiveState =
  { readonly kind: 'off' | 'connecting' | 'open' } | { readonly kind: 'refused'; readonly error: ApiError };

/** The maximum number of buffered messages: a hidden page has no frames. */
const MOST_WAITING = 1_000;

/** The delay before reconnecting, in milliseconds. */
const PAUSE = 2_000;

/** Follows the server; messages are delivered at most once per frame. Reconnects when a stream ends. */
export function useLive({
  topics,
  where,
  sourceId,
  after,
  paused = false,
  onMessages,
}: LiveInput): LiveState {
  const client = useClient();
  const [state, setState] = useState<LiveState>({ kind: 'off' });
  const latest = useRef({ onMessages, after });
  useEffect(() => {
    latest.current = { onMessages, after };
  });
  const named = topics.join(',');
  useEffect(() => {
    if (paused) return undefined;
    const stopping = new AbortController();
    const { signal } = stopping;
    const frames = createFrames((messages) => latest.current.onMessages(messages));
    let position = latest.current.after;
    const follow = async (): Promise<void> => {
      const query = {
        topics: named,
        ...(where === undefined || where === '' ? {} : { where }),
        ...(sourceId === undefined ? {} : { sourceId }),
        ...(position === undefined ? {} : { after: position }),
      };
      setState({ kind: 'connecting' });
      for await (const message of client.follow(query, signal, () => setState({ kind: 'open' }))) {
        position = message.id ?? position;
        frames.add(message);
      }
    };
    const keep = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          await follow();
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof ApiError && (error.status ?? 500) < 429) {
            setState({ kind: 'refused', error });
            return;
          }
        }
        await pause(PAUSE, signal);
      }
    };
    void keep();
    return () => {
      stopping.abort();
      frames.stop();
      setState({ kind: 'off' });
    };
  }, [client, named, where, sourceId, paused]);
  return state;
}

/** Batches messages: delivers at once after a quiet frame, otherwise once per frame. */
function createFrames(hand: (messages: readonly StreamMessage[]) => void): {
  add(message: StreamMessage): void;
  stop(): void;
} {
  let waiting: StreamMessage[] = [];
  let frame = 0;
  const flush = (): void => {
    const messages = waiting;
    [waiting, frame] = [[], messages.length === 0 ? 0 : requestAnimationFrame(flush)];
    if (messages.length > 0) hand(messages);
  };
  return {
    add(message) {
      waiting.push(message);
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING / 2);
      if (frame === 0) flush();
    },
    stop: () => cancelAnimationFrame(frame),
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
