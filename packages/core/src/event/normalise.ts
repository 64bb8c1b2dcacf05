import type { Issue, Result } from '../result/issue.ts';
import { EVENT_TYPES, type Event, type EventType } from './event.ts';

/** What normalising receives about the request. */
export interface Reception {
  /** Epoch milliseconds at which the request arrived. */
  readonly receivedAt: number;
  /** The call that the URL of the request names, if any. */
  readonly type?: EventType;
  /** `sentAt` of the surrounding batch. */
  readonly sentAt?: unknown;
  /** `context` and `integrations` of the surrounding batch: defaults for events that have none. */
  readonly context?: unknown;
  readonly integrations?: unknown;
  /** Generates the messageId of an event without one. */
  readonly newMessageId: () => string;
  /** Whether the event is already known to be within the depth limit. */
  readonly isShallow?: boolean;
  /** The client's IP address: `context.ip` of an event from a web page that has none. */
  readonly ip?: string;
  /** The request is known to come from a web page; otherwise the library in its context decides. */
  readonly fromPage?: boolean;
}

/** The maximum nesting of an event; deeper ones are refused. */
export const MAX_EVENT_DEPTH = 64;

/**
 * The difference of a sender's clock, in milliseconds, above which times are corrected: a smaller difference is the
 * duration of the request, and correcting by it would move events between seconds at random.
 */
export const CLOCK_TOLERANCE = 30_000;

/**
 * Makes an event of a parsed request body, by the rules of Segment's tracking API: IDs become strings, `timestamp` is
 * corrected by the difference between `sentAt` and the time of arrival. The input is not changed.
 * Fails with `event_invalid` or `event_too_deep`; every problem is listed with its path.
 */
export function normaliseEvent(raw: unknown, reception: Reception): Result<Event> {
  if (!isRecord(raw)) return fail('', 'An event is a JSON object.');
  const issues: Issue[] = [];
  const type = reception.type ?? raw['type'];
  if (!EVENT_TYPES.includes(type as EventType)) {
    issues.push(invalid('type', `type must be one of ${EVENT_TYPES.join(', ')}.`));
  }
  if (reception.isShallow !== true && isDeeperThan(raw, MAX_EVENT_DEPTH)) {
    issues.push({
      code: 'event_too_deep',
      path: '',
      message: `The event is nested more deeply than ${MAX_EVENT_DEPTH} levels.`,
    });
    return { ok: false, issues };
  }
  const userId = identifier(raw, 'userId', issues);
  const anonymousId = identifier(raw, 'anonymousId', issues);
  const messageId = identifier(raw, 'messageId', issues) ?? reception.newMessageId();
  if (messageId.length > 100) issues.push(invalid('messageId', 'messageId must be at most 100 characters.'));
  checkMembers(raw, type, issues);
  if (userId === undefined && anonymousId === undefined) {
    issues.push(invalid('userId', 'An event needs a userId or an anonymousId.'));
  }

  const originalText = raw['originalTimestamp'] ?? raw['timestamp'];
  const sentText = raw['sentAt'] ?? reception.sentAt;
  const original = time(originalText, 'timestamp', readTimestamp, issues);
  const sentAt = time(sentText, 'sentAt', readSentAt, issues);
  if (issues.length > 0) return { ok: false, issues };

  const skew = sentAt === undefined ? 0 : reception.receivedAt - sentAt;
  const corrected =
    original === undefined
      ? reception.receivedAt
      : Math.abs(skew) > CLOCK_TOLERANCE
        ? original + skew
        : original;
  const event: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) {
    if (key !== '__proto__' && raw[key] !== undefined && !DROPPED.has(key)) event[key] = raw[key];
  }
  event['type'] = type;
  event['messageId'] = messageId;
  if (userId !== undefined) event['userId'] = userId;
  if (anonymousId !== undefined) event['anonymousId'] = anonymousId;
  event['timestamp'] = iso(corrected, corrected === original ? originalText : undefined);
  event['receivedAt'] = writeReceivedAt(reception.receivedAt);
  if (original !== undefined) event['originalTimestamp'] = iso(original, originalText);
  if (sentAt !== undefined) event['sentAt'] = iso(sentAt, sentText);
  event['context'] = contextOf(raw['context'], reception);
  if (event['integrations'] === undefined && isRecord(reception.integrations)) {
    event['integrations'] = reception.integrations;
  }
  return { ok: true, value: event as Event };
}

/** Lists members with an invalid form, and missing ones that a call of the type needs. */
function checkMembers(raw: Record<string, unknown>, type: unknown, issues: Issue[]): void {
  for (const key of ['properties', 'traits', 'context', 'integrations'] as const) {
    const value = raw[key];
    if (value !== undefined && value !== null && !isRecord(value)) {
      issues.push(invalid(key, `${key} must be an object.`));
    }
  }
  if (type === 'track' && (typeof raw['event'] !== 'string' || raw['event'] === '')) {
    issues.push(invalid('event', 'A track call needs the name of the event.'));
  }
  if (type === 'group' && identifier(raw, 'groupId', issues) === undefined) {
    issues.push(invalid('groupId', 'A group call needs a groupId.'));
  }
  if (type === 'alias' && identifier(raw, 'previousId', issues) === undefined) {
    issues.push(invalid('previousId', 'An alias call needs a previousId.'));
  }
}

/** Libraries that run in browsers, by their name in the context. */
const PAGE_LIBRARIES: ReadonlySet<unknown> = new Set(['analytics.js', 'RudderLabs JavaScript SDK']);

/**
 * The context of an event, with the address of the customer's browser. The address of a server says nothing about its
 * users.
 */
function contextOf(own: unknown, { context, ip, fromPage }: Reception): Readonly<Record<string, unknown>> {
  const given = isRecord(own) ? own : isRecord(context) ? context : {};
  if (ip === undefined || (given['ip'] ?? '') !== '') return given;
  const library = given['library'];
  const isPage = fromPage === true || (isRecord(library) && PAGE_LIBRARIES.has(library['name']));
  return isPage ? { ...given, ip } : given;
}

/** Members that are set again below, and the write key that old clients put into the body: a secret. */
const DROPPED: ReadonlySet<string> = new Set([
  'writeKey',
  'userId',
  'anonymousId',
  'sentAt',
  'timestamp',
  'originalTimestamp',
]);

function identifier(raw: Record<string, unknown>, key: string, issues: Issue[]): string | undefined {
  const value = raw[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  issues.push(invalid(key, `${key} must be a string.`));
  return undefined;
}

function time(value: unknown, path: string, read: TimeReader, issues: Issue[]): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const instant =
    typeof value === 'string' ? read(value) : typeof value === 'number' ? fromEpoch(value) : Number.NaN;
  if (!Number.isNaN(instant) && Math.abs(instant) < LATEST_TIME) return instant;
  issues.push(invalid(path, `${path} must be an ISO 8601 time, or seconds or milliseconds since 1970.`));
  return undefined;
}

/** Reads a string as epoch milliseconds; NaN when it is not a time. */
type TimeReader = (text: string) => number;

/** Creates a reader that caches its last string: the events of a batch share their `sentAt`, and often more. */
function createTimeReader(): TimeReader {
  let lastText = '';
  let lastTime = Number.NaN;
  return (text) => {
    if (text !== lastText) {
      lastText = text;
      // Four digits alone are a year; JavaScript only guesses at other numbers: "5" would be May 2001.
      lastTime = !isDate(text) && NUMBER.test(text) ? fromEpoch(Number(text)) : Date.parse(text);
    }
    return lastTime;
  };
}

const readTimestamp = createTimeReader();
const readSentAt = createTimeReader();

/** Whether dashes are where a date has them; a number never has both. Nearly all times match. */
function isDate(text: string): boolean {
  return text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH;
}

const DASH = 0x2d;
const NUMBER = /^\s*[+-]?(?!\d{4}$)(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/**
 * The time of a number of seconds or of milliseconds: as seconds, 100,000,000 is in 1973 and 100,000,000,000 in 5138.
 * Smaller numbers are not plausible times.
 */
function fromEpoch(value: number): number {
  if (value >= 1e11) return Math.floor(value);
  return value >= 1e8 ? Math.round(value * 1000) : Number.NaN;
}

/** The end of the year 9999: later times are formatted differently. */
const LATEST_TIME = Date.UTC(9999, 11, 31);

/**
 * Creates a formatter that caches its last time: the events of a batch share their `receivedAt`, and formatting is
 * slow.
 */
function createTimeWriter(): (time: number) => string {
  let lastTime = Number.NaN;
  let lastText = '';
  return (time) => {
    if (time !== lastTime) {
      lastText = new Date(Math.min(Math.max(time, -LATEST_TIME), LATEST_TIME)).toISOString();
      lastTime = time;
    }
    return lastText;
  };
}

const writeReceivedAt = createTimeWriter();
const writeTime = createTimeWriter();

/** Formats a time; `given` is the string it was read from, returned unchanged if it already has this form. */
function iso(time: number, given: unknown): string {
  return typeof given === 'string' && CANONICAL.test(given) ? given : writeTime(time);
}

/** The form of `toISOString`, for days that every month has: a time in this form is written back identically. */
const CANONICAL =
  /^\d{4}-(?:\d\d-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Whether a value from a JSON parser has more than `limit` levels. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  // One loop over the keys of both is recompiled again and again: its optimisation for objects does not hold for
  // arrays.
  if (Array.isArray(value)) {
    for (const member of value as readonly unknown[]) if (isDeeperThan(member, limit - 1)) return true;
    return false;
  }
  // Only for values from a JSON parser: every member is an own property.
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && member !== null && isDeeperThan(member, limit - 1)) return true;
  }
  return false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, message: string): Issue {
  return { code: 'event_invalid', path, message };
}

function fail(path: string, message: string): Result<Event> {
  return { ok: false, issues: [invalid(path, message)] };
}
