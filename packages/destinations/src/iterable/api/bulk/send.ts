import { delivered, type ErrorCode, ERRORS, type Outcome, rejected, retry, skipped } from '@waybill/core';

import { type Accepted, fieldsWithoutRoom, placesIn, type Refused, typeConflicts } from './answer.ts';
import { callIterable } from './client.ts';
import { isRecord, type JsonObject, sameJson } from './json.ts';
import { normalEmail } from './profile.ts';
import type { Context } from './settings.ts';

/** One item of a bulk call. */
export interface BulkEntry {
  /** What stands in the list of the request. */
  readonly body: JsonObject;
}

/** A bulk endpoint and how its answers are to be understood. */
export interface BulkEndpoint {
  readonly path: string;
  /** The member of the request that holds the items. */
  readonly list: 'users' | 'events' | 'subscribers' | 'updateSubscriptionsRequests';
  /** Other members of the request. */
  readonly beside?: JsonObject;
  /** What an identifier in a list of failures means; the lists that are not here mean what `LISTS` says. */
  readonly meanings?: Readonly<Record<string, FailureMeaning>>;
  /** Told of every field whose type Iterable names in a refusal; the event name is undefined for profiles. */
  readonly learn?: (eventName: string | undefined, field: string, type: string) => void;
}

/** Why an item failed. A code that can be sent again makes a retry of it, `unchanged` a skip. */
export interface FailureMeaning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Rounds in which a named value is looked for in the items; beyond that halving needs fewer bytes. */
const MOST_SEARCHES = 12;

/**
 * Sends items through a bulk endpoint and finds out what became of each. Where an answer does not say it, fewer items
 * are sent in a call, down to one: items are re-sent only through this endpoint, because Iterable keeps no order
 * between its single and its bulk endpoints. Sending again is harmless: users are upserted, events have ids.
 */
export async function sendBulk(
  bodies: readonly JsonObject[],
  endpoint: BulkEndpoint,
  context: Context,
): Promise<readonly Outcome[]> {
  const entries = bodies.map((body) => describe(body, endpoint));
  const run: Run = { endpoint, context, searches: MOST_SEARCHES, conflicts: [], halted: undefined };
  await deliver(entries, run);
  let last: { of: Outcome; exchanges: readonly number[]; outcome: Outcome } | undefined;
  return entries.map((entry) => {
    const { exchanges } = entry;
    // Every path through `deliver` settles every entry; this only guards against a gap in it.
    const of = entry.outcome ?? retry('destination_result_unknown');
    if (exchanges.length === 0) return of;
    // Most entries of a call share their outcome, and then one object says it of all.
    if (last?.of === of && last.exchanges === exchanges) return last.outcome;
    const outcome: Outcome = of.status === 'skipped' ? of : { ...of, exchanges };
    last = { of, exchanges, outcome };
    return outcome;
  });
}

interface Entry {
  readonly body: JsonObject;
  /** Identifiers as they are compared, those on top first. */
  readonly emails: readonly string[];
  readonly userIds: readonly string[];
  readonly eventName: string | undefined;
  exchanges: readonly number[];
  outcome?: Outcome;
}

interface Run {
  readonly endpoint: BulkEndpoint;
  readonly context: Context;
  searches: number;
  /** Type conflicts that an item alone has confirmed: what they refused once they refuse always. */
  readonly conflicts: { readonly where: Where; readonly outcome: Outcome }[];
  /** Set when the endpoint takes nothing more for now. */
  halted: { readonly outcome: Outcome; readonly exchange: number } | undefined;
}

function describe(body: JsonObject, endpoint: BulkEndpoint): Entry {
  // Data fields of a user can change its identifiers; those of an event are only data.
  const fields = endpoint.list !== 'events' && isRecord(body['dataFields']) ? body['dataFields'] : undefined;
  const { email, userId } = body;
  return {
    body,
    emails: texts(email, fields?.['email']).map(normalEmail),
    userIds: texts(userId, fields?.['userId']),
    eventName: typeof body['eventName'] === 'string' ? body['eventName'] : undefined,
    exchanges: NO_EXCHANGES,
  };
}

const NO_TEXTS: readonly string[] = Object.freeze([]);

function texts(one: unknown, other: unknown): readonly string[] {
  if (typeof one === 'string') return typeof other === 'string' ? [one, other] : [one];
  return typeof other === 'string' ? [other] : NO_TEXTS;
}

async function deliver(group: readonly Entry[], run: Run): Promise<void> {
  const entries = withoutKnownConflicts(group, run);
  if (entries.length === 0) return;
  if (run.halted !== undefined) {
    for (const entry of entries) {
      entry.outcome = run.halted.outcome;
    }
    addExchange(entries, run.halted.exchange);
    return;
  }
  const { path, list, beside } = run.endpoint;
  const answer = await callIterable(
    { path, json: { ...beside, [list]: entries.map((one) => one.body) } },
    run.context,
  );
  addExchange(entries, answer.exchange);
  if (answer.kind === 'accepted') await readResults(entries, answer, run);
  else if (answer.splittable) await findGuilty(entries, answer, run);
  else {
    run.halted = { outcome: answer.outcome, exchange: answer.exchange };
    settle(entries, answer.outcome);
  }
}

const NO_EXCHANGES: readonly number[] = Object.freeze([]);

/** Notes a call with entries; those that have been in the same calls share a list of them. */
function addExchange(entries: readonly Entry[], exchange: number): void {
  let before = NO_EXCHANGES;
  let after: readonly number[] = [exchange];
  for (const entry of entries) {
    if (entry.exchanges !== before) {
      before = entry.exchanges;
      after = [...before, exchange];
    }
    entry.exchanges = after;
  }
}

function settle(entries: readonly Entry[], outcome: Outcome): void {
  for (const entry of entries) entry.outcome = outcome;
}

async function halve(entries: readonly Entry[], run: Run): Promise<void> {
  const middle = Math.ceil(entries.length / 2);
  await deliver(entries.slice(0, middle), run);
  await deliver(entries.slice(middle), run);
}

// --- refusals of a whole request ---

/** A request was refused whole: keeps the items to blame out of it and sends the others. */
async function findGuilty(entries: readonly Entry[], answer: Refused, run: Run): Promise<void> {
  const { outcome } = answer;
  const [only] = entries;
  tellTypes(entries, answer, run);
  if (entries.length === 1 && only !== undefined) {
    settle([only], blame(only, answer));
    if (outcome.code === 'destination_field_type_conflict') {
      for (const where of conflictsOf(only, answer)) run.conflicts.push({ where, outcome: only.outcome! });
    }
    return;
  }
  const places = placesIn(answer.params).filter((place) => place.index < entries.length);
  if (places.length > 0) {
    for (const place of places) {
      const words = place.member === '' ? place.problem : `${place.member}: ${place.problem}`;
      entries[place.index]!.outcome ??= rejected(
        outcome.code,
        `Iterable refused it: ${words}`,
        place.member === '' ? undefined : place.member,
      );
    }
    await deliver(
      entries.filter((entry) => entry.outcome === undefined),
      run,
    );
    return;
  }
  // Each search may send nearly everything again, so there is an end to them.
  const suspects = new Set(run.searches > 0 ? entries.filter((entry) => isSuspect(entry, answer)) : []);
  const noRoom = outcome.code === 'destination_field_limit';
  if (suspects.size === 0 || (noRoom && suspects.size === entries.length)) {
    await halve(entries, run);
    return;
  }
  run.searches -= 1;
  await deliver(
    entries.filter((entry) => !suspects.has(entry)),
    run,
  );
  // There may be room for some of the fields, so each of them is worth a try.
  if (noRoom) await halve([...suspects], run);
  else await oneFirst([...suspects], run);
}

/** Whether an item has a value of a type that the answer refuses, or a field that the project has no room for. */
function isSuspect(entry: Entry, answer: Refused): boolean {
  if (conflictsOf(entry, answer).length > 0) return true;
  return fieldsWithoutRoom(answer.params).some((key) => {
    const name = fieldName(key, entry);
    return name !== undefined && valueAt(entry.body['dataFields'], name) !== undefined;
  });
}

function tellTypes(entries: readonly Entry[], answer: Refused, { endpoint }: Run): void {
  if (endpoint.learn === undefined) return;
  for (const { key, expectedType, ofUser } of typeConflicts(answer.params)) {
    if (expectedType === undefined) continue;
    const names = new Set(ofUser ? [undefined] : entries.map(({ eventName }) => eventName));
    for (const eventName of names) {
      const field = fieldName(key, { eventName });
      if (field !== undefined) endpoint.learn(eventName, field, expectedType);
    }
  }
}

/** Sends the first alone: when it is refused, the others are known to fare the same and need no call. */
async function oneFirst(entries: readonly Entry[], run: Run): Promise<void> {
  await deliver(entries.slice(0, 1), run);
  await deliver(entries.slice(1), run);
}

/** The refusal of an item that was sent alone, with the guilty field where the answer names it. */
function blame(entry: Entry, answer: Refused): Outcome {
  if (answer.outcome.status === 'retry') return answer.outcome;
  const { code, message, field } = answer.outcome;
  const [place] = placesIn(answer.params);
  const [conflict] = conflictsOf(entry, answer);
  const [named] = typeConflicts(answer.params);
  const guilty = place?.member ?? conflict?.path ?? (named === undefined ? field : `dataFields.${named.key}`);
  return rejected(code, message, guilty === '' ? undefined : (guilty ?? FIELD_OF[code]));
}

const FIELD_OF: Partial<Record<ErrorCode, string>> = {
  destination_event_disallowed: 'eventName',
};

/** A value that has another type than the project remembers. */
interface Where {
  readonly eventName: string | undefined;
  /** Path in the body: `dataFields.price`. */
  readonly path: string;
  readonly value: unknown;
}

/** The conflicts an answer names, as far as this item has them. */
function conflictsOf(entry: Entry, answer: Refused): readonly Where[] {
  return typeConflicts(answer.params).flatMap(({ key, offendingValue }) => {
    const name = fieldName(key, entry);
    if (name === undefined) return [];
    const found = valueAt(entry.body['dataFields'], name);
    if (found === undefined) return [];
    if (offendingValue !== undefined && !sameJson(found.value, offendingValue)) return [];
    return [{ eventName: entry.eventName, path: `dataFields.${name}`, value: found.value }];
  });
}

/** The field a key names for this item: event fields carry the name of their event before them. */
function fieldName(key: string, entry: Pick<Entry, 'eventName'>): string | undefined {
  const { eventName } = entry;
  if (eventName === undefined) return key;
  for (const mark of [':::', '.']) {
    if (key.startsWith(`${eventName}${mark}`)) return key.slice(eventName.length + mark.length);
  }
  return key.includes(':::') ? undefined : key;
}

/** The value at a dotted path; a key that has dots itself is found too, and lists are looked through. */
function valueAt(value: unknown, path: string): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) {
    for (const member of value) {
      const found = valueAt(member, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, path)) return { value: value[path] };
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(value, head)) continue;
    const found = valueAt(value[head], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function withoutKnownConflicts(entries: readonly Entry[], run: Run): readonly Entry[] {
  if (run.conflicts.length === 0) return entries;
  return entries.filter((entry) => {
    const known = run.conflicts.find(({ where }) => {
      if (where.eventName !== entry.eventName) return false;
      const found = valueAt(entry.body['dataFields'], where.path.slice('dataFields.'.length));
      return found !== undefined && sameJson(found.value, where.value);
    });
    if (known !== undefined) entry.outcome = known.outcome;
    return known === undefined;
  });
}

// --- results per item ---

/** Said of a user whose data fields are refused without a word on which. */
export const INVALID_DATA = 'Iterable refuses the data fields of the user.';

/** What the lists of a bulk answer mean. The deprecated lists come last: they repeat others without the reason. */
const LISTS: readonly (FailureMeaning & { readonly list: string; readonly field?: string })[] = [
  {
    list: 'failedUpdates.invalidEmails',
    code: 'destination_invalid_identifier',
    message: 'Iterable refuses the e-mail address as malformed.',
    field: 'email',
  },
  {
    list: 'failedUpdates.invalidUserIds',
    code: 'destination_invalid_identifier',
    message: 'Iterable refuses the user ID as malformed.',
    field: 'userId',
  },
  ...identifierLists('forgotten', {
    code: 'destination_user_forgotten',
    message: 'The user asked to be forgotten; Iterable takes nothing for them.',
  }),
  ...identifierLists('conflict', {
    code: 'destination_identity_conflict',
    message: 'The e-mail address and the user ID belong to two different profiles.',
  }),
  ...identifierLists('notFound', {
    code: 'destination_user_not_found',
    message: 'Iterable does not know the user.',
  }),
  ...identifierLists('invalidData', {
    code: 'destination_rejected',
    message: INVALID_DATA,
  }),
  {
    list: 'invalidEmails',
    code: 'destination_invalid_identifier',
    message: 'Iterable could not write the user of this e-mail address.',
    field: 'email',
  },
  {
    list: 'invalidUserIds',
    code: 'destination_rejected',
    message: 'Iterable could not write the user of this user ID.',
    field: 'userId',
  },
  ...['validEmailFailures', 'validUserIdFailures'].map((list) => ({
    list,
    code: 'destination_unavailable' as const,
    message: 'Iterable could not write the user because of an error of its own.',
  })),
];

function identifierLists(
  kind: string,
  meaning: FailureMeaning,
): readonly (FailureMeaning & { readonly list: string })[] {
  return ['Emails', 'UserIds'].map((ids) => ({ list: `failedUpdates.${kind}${ids}`, ...meaning }));
}

/** Reads the lists of a 200 and sends again, in smaller calls, what they leave open. */
async function readResults(entries: readonly Entry[], answer: Accepted, run: Run): Promise<void> {
  const { body } = answer;
  const { successCount, failCount } = body;
  if (typeof successCount !== 'number' || typeof failCount !== 'number') {
    settle(
      entries,
      retry('destination_unreadable_answer', 'Iterable answered without saying how many items it took.'),
    );
    return;
  }
  const disallowed = new Set(textsAt(body, 'disallowedEventNames'));
  const open = new Set(entries);
  for (const entry of entries) {
    if (entry.eventName === undefined || !disallowed.has(entry.eventName)) continue;
    const message = `Iterable is set not to take events named "${entry.eventName}".`;
    entry.outcome = rejected('destination_event_disallowed', message, 'eventName');
    open.delete(entry);
  }
  const ambiguous = readLists(entries, open, body, run);
  for (const entry of ambiguous) open.delete(entry);

  if (entries.length === 1 && open.size === 1 && failCount > 0) {
    // A conflict can name an identifier of the other profile, which no item carries.
    const named = LISTS.find(({ list }) => textsAt(body, list).length > 0);
    settle(
      entries,
      named === undefined
        ? retry('destination_result_unknown', 'Iterable counts the item as failed and does not say why.')
        : failure(named, run.endpoint.meanings?.[named.list]),
    );
    return;
  }
  for (const entry of ambiguous) await deliver([entry], run);

  const failed = entries.filter(
    ({ outcome }) => outcome !== undefined && outcome.status !== 'delivered',
  ).length;
  const unchanged = [...textsAt(body, 'noOpEmails'), ...textsAt(body, 'noOpUserIds')].length;
  const counted = successCount + unchanged + failed;
  const unexplained =
    failCount > failed ||
    (counted < entries.length && counted < differentIn(entries)) ||
    [...ambiguous].some(({ outcome }) => outcome?.status === 'retry');
  if (unexplained && (entries.length === 1 || successCount + failCount + failed + unchanged === 0)) {
    settle([...open], retry('destination_result_unknown'));
  } else if (unexplained) {
    await halve([...open], run);
  } else {
    const without = textsAt(body, 'filteredOutFields');
    const whole = delivered();
    for (const entry of open) {
      entry.outcome = without.length === 0 ? whole : delivered(dropped(entry, without));
    }
  }
}

/** Users are counted once however often they are in a call. */
function differentIn(entries: readonly Entry[]): number {
  return new Set(entries.map(({ emails, userIds, body }) => JSON.stringify([emails, userIds, body['id']])))
    .size;
}

/** Settles what the lists say for certain; returns the items that they may mean, to be sent alone. */
function readLists(
  entries: readonly Entry[],
  open: Set<Entry>,
  body: JsonObject,
  run: Run,
): ReadonlySet<Entry> {
  const ambiguous = new Set<Entry>();
  for (const { list, ...meaning } of LISTS) {
    const kind = /email/i.test(list) ? 'emails' : 'userIds';
    const named = new Map<string, number>();
    for (const text of textsAt(body, list)) {
      const id = kind === 'emails' ? normalEmail(text) : text;
      named.set(id, (named.get(id) ?? 0) + 1);
    }
    for (const [id, times] of named) {
      const carriers = carriersOf(id, kind, entries, meaning.code);
      // An identifier names items only as far as it is in the list as often as it was sent. A user ID in a conflict can
      // be that of the other profile, whose own item in the same call is innocent.
      const innocent = meaning.code === 'destination_identity_conflict' && kind === 'userIds';
      const certain = entries.length === 1 || (times >= carriers.length && !innocent);
      for (const entry of carriers) {
        if (!open.has(entry) || ambiguous.has(entry)) continue;
        if (!certain) ambiguous.add(entry);
        else {
          entry.outcome = failure(meaning, run.endpoint.meanings?.[list]);
          open.delete(entry);
        }
      }
    }
  }
  return ambiguous;
}

/** The items an identifier can mean: those that have it on top; in a conflict, those that wish for it as well. */
function carriersOf(
  id: string,
  kind: 'emails' | 'userIds',
  entries: readonly Entry[],
  code: ErrorCode,
): readonly Entry[] {
  const anywhere = entries.filter((entry) => entry[kind].includes(id));
  if (code === 'destination_identity_conflict') return anywhere;
  const onTop = anywhere.filter((entry) => entry[kind][0] === id && sentOnTop(entry, kind));
  return onTop.length > 0 ? onTop : anywhere;
}

function sentOnTop(entry: Entry, kind: 'emails' | 'userIds'): boolean {
  return entry.body[kind === 'emails' ? 'email' : 'userId'] !== undefined;
}

function failure(
  meaning: FailureMeaning & { readonly field?: string },
  special: FailureMeaning | undefined,
): Outcome {
  const { code, message } = special ?? meaning;
  if (code === 'unchanged') return skipped(code, message);
  return ERRORS[code].retryable ? retry(code, message) : rejected(code, message, meaning.field);
}

/** Fields that Iterable left out because the project makes no new ones: the delivery worked, but not for them. */
function dropped(entry: Entry, without: readonly string[]): string | undefined {
  const fields = without
    .map((key) => fieldName(key, entry))
    .filter(
      (name): name is string => name !== undefined && valueAt(entry.body['dataFields'], name) !== undefined,
    );
  if (fields.length === 0) return undefined;
  return `Iterable left out fields that the project does not have: ${fields.join(', ')}.`;
}

function textsAt(body: JsonObject, path: string): readonly string[] {
  let value: unknown = body;
  for (const key of path.split('.')) value = isRecord(value) ? value[key] : undefined;
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
