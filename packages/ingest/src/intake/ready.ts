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

/** An event with its JSON. */
export interface WrittenEvent {
  readonly event: Event;
  readonly text: string;
}

/** Creates an event and its JSON. The JSON is created once, and shows the size faster than the event. */
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

/** Marks an event if it is historical. */
export function marked(event: Event, isPast: boolean | undefined): Event {
  if (isPast !== true) return event;
  return { ...event, context: { ...event.context, historical: true } };
}

/** The refusal of an event that is too large for the log. */
export function tooLarge(raw: unknown): { readonly ok: false; readonly issues: readonly Issue[] } {
  const message = `The event has ${bytesOf(raw)} bytes; the maximum is ${MAX_EVENT_BYTES}.`;
  return { ok: false, issues: [{ code: 'event_too_large', path: '', message }] };
}

/** An event that was serialised in another thread: parsed only if more than its JSON is needed. */
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
