/** The calls of the Segment spec. */
export const EVENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;

/** One call of the Segment spec. */
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * The one event type: a Segment call after normalising. Times are ISO 8601 strings with milliseconds, in UTC.
 * Events are read-only everywhere.
 */
export interface Event {
  readonly type: EventType;
  /** Identifies the event; a second event with the same messageId is a duplicate. */
  readonly messageId: string;
  /** When it happened, corrected for the clock of the sender. */
  readonly timestamp: string;
  /** When Waybill received it. */
  readonly receivedAt: string;
  readonly originalTimestamp?: string;
  readonly sentAt?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  /** Name of a track event. */
  readonly event?: string;
  /** Name of a page or screen. */
  readonly name?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly integrations?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}
