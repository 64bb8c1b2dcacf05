import { delivered, type Outcome, rejected } from '@waybill/core';
import type { Perform, UpstreamAction, UpstreamDefinition } from '../upstream/types.ts';
import type { Patch, ReadAnswer } from './patch.ts';

type Members = Readonly<Record<string, unknown>>;

/** Lists of an answer that name items by address, and those that name them by user ID. */
const BY_EMAIL = [
  'invalidEmails',
  'invalidDataEmails',
  'notFoundEmails',
  'forgottenEmails',
  'conflictEmails',
];
const BY_USER_ID = [
  'invalidUserIds',
  'invalidDataUserIds',
  'notFoundUserIds',
  'forgottenUserIds',
  'conflictUserIds',
];

/**
 * Reads the answer of Iterable's bulk endpoints: a 200 that names the refused items, in lists next to and within
 * `failedUpdates`. A failure that no list explains is not attributed: every item counts as unknown.
 */
const readBulk: ReadAnswer = (answer, payloads) => {
  const body = asMembers(answer);
  const failed = asMembers(body['failedUpdates']);
  const emails = namesIn([body, failed], BY_EMAIL);
  const userIds = namesIn([body, failed], BY_USER_ID);
  const events = namesIn([body], ['disallowedEventNames']);
  const outcomes = payloads.map((payload): Outcome => {
    const list =
      emails.get(textOf(payload['email']).toLowerCase()) ??
      userIds.get(textOf(payload['userId']).toLowerCase());
    if (list !== undefined) {
      return rejected('destination_rejected', `Iterable did not accept the item: it is among "${list}".`);
    }
    if (events.has(textOf(payload['eventName']).toLowerCase())) {
      return rejected('destination_event_disallowed', undefined, 'eventName');
    }
    return delivered();
  });
  const count = Number(body['failCount'] ?? 0);
  const found = outcomes.filter(({ status }) => status === 'rejected').length;
  if (!(count > found)) return outcomes;
  const message = `Iterable did not accept ${count} of ${payloads.length} items and named only ${found} of them.`;
  return outcomes.map((outcome) =>
    outcome.status === 'rejected'
      ? outcome
      : { status: 'retry', code: 'destination_result_unknown', message },
  );
};

function namesIn(holders: readonly Members[], lists: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const holder of holders) {
    for (const list of lists) {
      const entries = holder[list];
      if (!Array.isArray(entries)) continue;
      for (const entry of entries) names.set(textOf(entry).toLowerCase(), list);
    }
  }
  names.delete('');
  return names;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function asMembers(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

/** Removes settings of the mapping: the definition sends complete payloads. */
function without(perform: Perform): Perform {
  return (request, data) => {
    const clean = (payload: unknown): unknown => {
      const { enable_batching: _batching, batch_size: _size, ...rest } = payload as Members;
      return rest;
    };
    const { payload } = data;
    // Used as a prototype, so that lazy members stay lazy.
    const bag = Object.create(data, {
      payload: { value: Array.isArray(payload) ? payload.map(clean) : clean(payload), enumerable: true },
    }) as typeof data;
    return perform(request, bag);
  };
}

function repair(action: UpstreamAction): UpstreamAction {
  const { defaultSubscription, performBatch } = action;
  return {
    ...action,
    ...(defaultSubscription === undefined
      ? {}
      : { defaultSubscription: defaultSubscription.replaceAll('==', '=') }),
    perform: without(action.perform),
    ...(performBatch === undefined ? {} : { performBatch: without(performBatch) }),
  };
}

/** Iterable, as Segment publishes it. */
export const iterable: Patch = {
  reasons: [
    'Two actions start with a trigger that says `==`, which never matches.',
    'Calls have `enable_batching` and `batch_size` in the data of the event.',
    'Bulk answers that name refused items count as success for all of them.',
  ],
  change: (definition: UpstreamDefinition) => ({
    ...definition,
    actions: Object.fromEntries(
      Object.entries(definition.actions).map(([name, action]) => [name, repair(action)]),
    ),
  }),
  readBatch: { updateUser: readBulk, trackEvent: readBulk },
};
