import type { ConsentChange } from './decide.ts';

/** What a person chose in Iterable for a channel. */
export interface ConsentUpdate extends Pick<ConsentChange, 'state' | 'at' | 'why' | 'own'> {
  readonly channel: 'email' | 'sms';
  /** In lower case; absent in projects that tell people apart by their user ids alone. */
  readonly email?: string;
  readonly userId?: string;
}

/** What a request of Iterable says, and what of it nothing can be made of, with the reason. */
export interface ConsentUpdates {
  readonly updates: readonly ConsentUpdate[];
  readonly passedOver: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Where Iterable keeps the ids of what a update is about: channels, or less than that. */
const CHANNELS = ['channelId', 'channelIds'];
const PARTS = ['messageTypeId', 'messageTypeIds', 'emailListId', 'emailListIds', 'listId', 'listIds'];
/** Sources of a change that are calls of the API: it may have been ours. */
const CALLS = ['API', 'LISTAPI'];

/**
 * Reads what the system webhooks of Iterable send: one event, or a list. `ids` are the channels, message types and lists that count; when
 * there are none, every channel does, and no part of one. Pure.
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
  // Iterable tells of STOP and START as of e-mail.
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

/** Milliseconds of a time as Iterable writes it: "2026-01-15 12:00:00 +00:00". */
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
