import { delivered, type ErrorCode, failed, type Outcome, rejected, retry, skipped } from '@waybill/core';

import { isRecord, type JsonObject } from '../../../http/json.ts';
import type { Accepted } from '../answer.ts';
import { normalEmail } from '../identifiers.ts';
import { type BulkEndpoint, type Entry, type FailureMeaning, fieldName, settle, valueAt } from './entry.ts';

/** The message for a user whose data fields are refused without naming one. */
export const INVALID_DATA = 'Iterable refuses the data fields of the user.';

/** The meaning of the lists of a bulk answer. The deprecated lists come last: they repeat others without the reason. */
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
    message: 'The user asked to be forgotten; Iterable accepts no data about them.',
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
    message: 'Iterable could not write the user because of an internal error.',
  })),
];

function identifierLists(
  kind: string,
  meaning: FailureMeaning,
): readonly (FailureMeaning & { readonly list: string })[] {
  return ['Emails', 'UserIds'].map((ids) => ({ list: `failedUpdates.${kind}${ids}`, ...meaning }));
}

/** What a 200 leaves open: entries in neither list are settled. */
export interface Results {
  /** Entries that the answer does not mention. */
  readonly open: ReadonlySet<Entry>;
  /** Ambiguous entries: each is sent alone for an unambiguous answer. */
  readonly ambiguous: ReadonlySet<Entry>;
  readonly body: JsonObject;
  readonly successCount: number;
  readonly failCount: number;
}

/** Settles what the lists of a 200 determine; undefined when nothing is left open. */
export function readResults(
  entries: readonly Entry[],
  { body }: Accepted,
  endpoint: BulkEndpoint,
): Results | undefined {
  const { successCount, failCount } = body;
  if (typeof successCount !== 'number' || typeof failCount !== 'number') {
    settle(
      entries,
      retry(
        'destination_unreadable_answer',
        'The response of Iterable does not say how many items it accepted.',
      ),
    );
    return undefined;
  }
  const disallowed = new Set(textsAt(body, 'disallowedEventNames'));
  const open = new Set(entries);
  for (const entry of entries) {
    if (entry.eventName === undefined || !disallowed.has(entry.eventName)) continue;
    const message = `Iterable is configured to refuse events named "${entry.eventName}".`;
    entry.outcome = rejected('destination_event_disallowed', message, 'eventName');
    open.delete(entry);
  }
  const ambiguous = readLists(entries, open, body, endpoint);
  for (const entry of ambiguous) open.delete(entry);
  if (entries.length > 1 || open.size !== 1 || failCount === 0) {
    return { open, ambiguous, body, successCount, failCount };
  }
  // A conflict can name an identifier of the other profile, which no item carries.
  const named = LISTS.find(({ list }) => textsAt(body, list).length > 0);
  settle(
    entries,
    named === undefined
      ? retry('destination_result_unknown', 'Iterable counts the item as failed and does not say why.')
      : failure(named, endpoint.meanings?.[named.list]),
  );
  return undefined;
}

/** Settles the open entries if the counts add up, after the ambiguous ones; otherwise returns those to send again. */
export function settleOpen(entries: readonly Entry[], results: Results): readonly Entry[] {
  const { open, ambiguous, body, successCount, failCount } = results;
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
    return [];
  }
  if (unexplained) return [...open];
  const without = textsAt(body, 'filteredOutFields');
  const whole = delivered();
  for (const entry of open) {
    entry.outcome = without.length === 0 ? whole : delivered(dropped(entry, without));
  }
  return [];
}

/** Users are counted once per call. */
function differentIn(entries: readonly Entry[]): number {
  return new Set(entries.map(({ emails, userIds, body }) => JSON.stringify([emails, userIds, body['id']])))
    .size;
}

/** Settles what the lists determine; returns the ambiguous items, to be sent alone. */
function readLists(
  entries: readonly Entry[],
  open: Set<Entry>,
  body: JsonObject,
  endpoint: BulkEndpoint,
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
      // An identifier names items only if it is in the list as often as it was sent. A user ID in a conflict can belong to the
      // other profile, whose own item in the same call is valid.
      const innocent = meaning.code === 'destination_identity_conflict' && kind === 'userIds';
      const certain = entries.length === 1 || (times >= carriers.length && !innocent);
      for (const entry of carriers) {
        if (!open.has(entry) || ambiguous.has(entry)) continue;
        if (!certain) ambiguous.add(entry);
        else {
          entry.outcome = failure(meaning, endpoint.meanings?.[list]);
          open.delete(entry);
        }
      }
    }
  }
  return ambiguous;
}

/** The items that an identifier can mean: those with it at the top level; in a conflict, also those that would set it. */
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
  return failed(code, message, { field: meaning.field });
}

/** Fields that Iterable dropped because the project does not create new ones: the rest was delivered. */
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
