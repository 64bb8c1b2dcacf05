import type { SourceEvent } from '@waybill/core';
import type { CarriedWrite, Carry } from '@waybill/delivery';
import type { Refused } from '../../intake/intake.ts';
import { writtenEvent } from '../../intake/ready.ts';
import type { CarryingIntake } from '../carrying.ts';
import type { MainSide, RemoteCarried, RemoteCarry } from './protocol.ts';

/** The input of packing. */
export interface PackingInput extends Pick<MainSide, 'carry'> {
  readonly now: () => number;
  readonly newMessageId: () => string;
}

interface Waiting {
  readonly packed: RemoteCarry;
  readonly resolve: (carried: 'carried' | 'stale') => void;
  readonly reject: (error: Error) => void;
}

/**
 * Packs the writes of processors for the accepting thread: as strings and bytes, ready to be written, and in one message per turn of
 * the event loop.
 */
export function createPacking(input: PackingInput): CarryingIntake {
  let waiting: Waiting[] = [];
  const send = async (all: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await input.carry(all.map(({ packed }) => packed));
      for (const [at, one] of all.entries()) settle(one, answers[at]!);
    } catch (error) {
      for (const { reject } of all) reject(error as Error);
    }
  };
  return {
    carry(events, { source }, carry) {
      // The result is packed at once, so that the rest of the step can be released before the commit.
      const packed = pack(source.id, events, carry, input);
      return new Promise((resolve, reject) => {
        waiting.push({ packed, resolve, reject });
        if (waiting.length > 1) return;
        setImmediate(() => {
          const all = waiting;
          waiting = [];
          void send(all);
        });
      });
    },
  };
}

function settle({ resolve, reject }: Waiting, answer: RemoteCarried): void {
  if (typeof answer === 'string') resolve(answer);
  else reject(new Error(answer.failed));
}

function pack(
  processor: string,
  events: readonly SourceEvent[],
  { lease, cursor, state = [], timers = [], sharesKeys = false }: Carry,
  { now, newMessageId }: PackingInput,
): RemoteCarry {
  const messageIds: string[] = [];
  const texts: string[] = [];
  const refused: Omit<Refused, 'index'>[] = [];
  const receivedAt = events.length === 0 ? 0 : now();
  for (const raw of events) {
    const written = writtenEvent(raw, { receivedAt, newMessageId }, false);
    if (written.ok) {
      messageIds.push(written.value.event.messageId);
      texts.push(written.value.text);
    } else refused.push({ messageId: raw.messageId, issues: written.issues });
  }
  return { processor, lease, cursor, messageIds, texts, refused, ...packedValues(state), timers, sharesKeys };
}

function packedValues(state: readonly CarriedWrite[]): Pick<RemoteCarry, 'keys' | 'ends' | 'values'> {
  let length = 0;
  for (const { value } of state) length += value?.length ?? 0;
  const values = new Uint8Array(length);
  const keys: string[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const { key, value } of state) {
    keys.push(key);
    if (value !== undefined) {
      values.set(value, end);
      end += value.length;
    }
    ends.push(value === undefined ? -1 : end);
  }
  return { keys, ends, values };
}

/** Unpacks the state to write. */
export function unpackedState({ keys, ends, values }: RemoteCarry): readonly CarriedWrite[] {
  let begin = 0;
  return keys.map((key, at) => {
    const end = ends[at]!;
    if (end < 0) return { key };
    const value = values.subarray(begin, end);
    begin = end;
    return { key, value };
  });
}

/** The buffers that are transferred to the accepting thread with a request. */
export function bytesOf(name: string, given: readonly unknown[]): readonly ArrayBuffer[] {
  if (name !== 'carry') return [];
  const [all] = given as Parameters<MainSide['carry']>;
  return all.map(({ values }) => values.buffer);
}
