import type { ConsentChange } from './decide.ts';

/** A person's choice for a channel in Iterable. */
export interface ConsentUpdate extends Pick<ConsentChange, 'state' | 'at' | 'why' | 'own'> {
  readonly channel: 'email' | 'sms';
  /** In lower case; absent in projects that identify people only by user ID. */
  readonly email?: string;
  readonly userId?: string;
}

/** The consent updates in a request of Iterable, and unreadable parts with the reason. */
export interface ConsentUpdates {
  readonly updates: readonly ConsentUpdate[];
  readonly passedOver: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** The fields in which Iterable has the IDs of an update: channels, or smaller units. */
const CHANNELS = ['channelId', 'channelIds'];
const PARTS = ['messageTypeId', 'messageTypeIds', 'emailListId', 'emailListIds', 'listId', 'listIds'];
/** Sources of a change that are API calls: possibly our own. */
const CALLS = ['API', 'LISTAPI'];

/**
 * Parses the system webhooks of Iterable: one event, or a list. `ids` are the relevant channels, message types and lists; when
 * there are none, all channels count, but no message types or lists. Pure.
 */
export function consentUpdates(body: unknown, ids: readonly number[]): ConsentUpdates {
  const updates: ConsentUpdate[] = [];
  const passedOver: string[] = [];
  for (const event of Array.isArray(body) ? (body as readonly unknown[]) : [body]) {
    const update = isObject(event) ? updateOf(event, ids) : 'It is not an object.';
    if (typeof update === 'string') passedOver.push(update);
    else updates.push(update);
  }
  return { updates, passedOver };
}

function updateOf(event: Json, ids: readonly number[]): ConsentUpdate | string {
  const fields = isObject(event['dataFields']) ? event['dataFields'] : {};
  const email = textOf(event['email']) ?? textOf(fields['email']);
  const userId = textOf(event['userId']) ?? textOf(fields['userId']);
  if (email === undefined && userId === undefined)
    return 'It identifies nobody: it has neither email nor userId.';
  const at = timeOf(fields['createdAt'] ?? event['createdAt']);
  const known = {
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...(userId === undefined ? {} : { userId }),
    ...(at === undefined ? {} : { at }),
  };
  const name = textOf(event['eventName']) ?? '';
  const no = { ...known, channel: 'email', state: 'unsubscribed' } as const;
  switch (name.toLowerCase()) {
    case 'emailcomplaint':
      return { ...no, why: 'complaint' };
    case 'emailbounce':
      return { ...no, why: 'bounce' };
    case 'emailunsubscribe':
    case 'emailsubscribe': {
      const state = name.toLowerCase() === 'emailsubscribe' ? 'subscribed' : 'unsubscribed';
      return chosen({ ...no, state }, fields, ids);
    }
    default:
      return `"${name.slice(0, 100)}" is ignored: only subscribes, unsubscribes, complaints and bounces concern consent.`;
  }
}

function chosen(update: ConsentUpdate, fields: Json, ids: readonly number[]): ConsentUpdate | string {
  const by = (textOf(fields['unsubSource']) ?? textOf(fields['signupSource']) ?? '').toUpperCase();
  const isNo = update.state === 'unsubscribed';
  if (isNo && by === 'HARDBOUNCE') return { ...update, why: 'bounce' };
  if (isNo && by === 'COMPLAINT') return { ...update, why: 'complaint' };
  const own = by !== '' && !CALLS.includes(by);
  const made = { ...update, ...(own ? { own } : {}) };
  // Iterable reports STOP and START as if they were about e-mail.
  if (by === 'SMS') return { ...made, channel: 'sms', ...(isNo ? { why: 'stop' as const } : {}) };
  const [channels, parts] = [idsIn(fields, CHANNELS), idsIn(fields, PARTS)];
  const isAbout = [...channels, ...parts].some((id) => ids.includes(id));
  const isWhole = parts.length === 0 && (channels.length === 0 || ids.length === 0);
  return isAbout || isWhole
    ? made
    : `It is about ${[...channels, ...parts].slice(0, 10).join(', ')}, which is not reported to the shop.`;
}

function idsIn(fields: Json, names: readonly string[]): readonly number[] {
  return names.flatMap((name) => [fields[name] ?? []].flat().flatMap((id) => (isId(id) ? [Number(id)] : [])));
}

function isId(value: unknown): boolean {
  return (
    (typeof value === 'number' || (typeof value === 'string' && value !== '')) &&
    Number.isInteger(Number(value))
  );
}

/** Parses a time as Iterable formats it: "2026-01-15 12:00:00 +00:00". */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const iso = textOf(value)?.replace(
    /^(\S+) (\S+) ?([+-]\d\d:?\d\d|Z)?$/,
    (_all, day, time, zone) => `${day}T${time}${zone ?? 'Z'}`,
  );
  const at = Date.parse(iso ?? '');
  return Number.isNaN(at) ? undefined : at;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 320 ? value.trim() : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
