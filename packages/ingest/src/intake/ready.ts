import {
  type Event,
  type Issue,
  MAX_EVENT_DEPTH,
  normaliseEvent,
  type Reception,
  type Result,
} from '@waybill/core';
import type { LogEntry } from '@waybill/delivery';
import { MAX_EVENT_BYTES } from './limits.ts';
import { bytesOf, isTextShallow, isTextTooLarge, isTooLarge } from './sizes.ts';

/** An event with its text. */
export interface WrittenEvent {
  readonly event: Event;
  readonly text: string;
}

/** Makes an event and its text. The text is made once, and tells more quickly than the event how much there is in it. */
export function writtenEvent(
  raw: unknown,
  reception: Reception,
  isPast: boolean | undefined,
): Result<WrittenEvent> {
  const made = normaliseEvent(raw, { ...reception, isShallow: true });
  if (!made.ok) return made;
  const event = marked(made.value, isPast);
  const text = JSON.stringify(event);
  if (isTextTooLarge(text) && isTooLarge(raw)) return tooLarge(raw);
  const isShallow = isTextShallow(text, MAX_EVENT_DEPTH);
  const checked = isShallow ? made : normaliseEvent(raw, reception);
  return checked.ok ? { ok: true, value: { event, text } } : checked;
}

/** The event, marked where it is of the past. */
export function marked(event: Event, isPast: boolean | undefined): Event {
  if (isPast !== true) return event;
  return { ...event, context: { ...event.context, historical: true } };
}

/** What is said of an event that is larger than the log takes. */
export function tooLarge(raw: unknown): { readonly ok: false; readonly issues: readonly Issue[] } {
  const message = `The event has ${bytesOf(raw)} bytes; the maximum is ${MAX_EVENT_BYTES}.`;
  return { ok: false, issues: [{ code: 'event_too_large', path: '', message }] };
}

/** An event that was written in another thread: it is read only where somebody looks at more than its text. */
export function entryOf(sourceId: string, messageId: string, text: string): LogEntry {
  let event: Event | undefined;
  return {
    sourceId,
    messageId,
    text,
    get event() {
      event ??= JSON.parse(text) as Event;
      return event;
    },
  };
}
