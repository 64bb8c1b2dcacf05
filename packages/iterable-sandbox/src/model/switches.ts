/** One open question about the real service: the interpretations that the sources allow, with the default one. */
interface Question {
  readonly readings: readonly string[];
  readonly point: string;
  readonly about: string;
}

// The first interpretation of each list is the default.
const questions = {
  createdAtUnit: q(
    'U1',
    'createdAt in milliseconds: a date in the far future, or detected',
    'seconds',
    'detected',
  ),
  maxBulkItems: q('U2', 'most items in one bulk request', '1000', '1001', 'unlimited'),
  trackBulkBytes: q('U3', 'whether trackBulk has the byte limit of bulkUpdate', 'limited', 'unlimited'),
  retryAfter: q('U4', 'Retry-After header on 429', 'absent', 'present'),
  rateLimitBody: q(
    'U4',
    '429 body: with figures, with empty params, or plain text',
    'figures',
    'empty',
    'text',
  ),
  bothIds: q('U5', 'email and userId together (hybrid)', 'together', 'emailWins'),
  conflictList: q(
    'U5',
    'which list of a bulk result names an identity conflict',
    'userIds',
    'emails',
    'both',
  ),
  disallowedRaisesFailCount: q('U6', 'whether a disallowed event name raises failCount', 'yes', 'no'),
  typeConflictInBulk: q(
    'U7',
    'type conflict in bulkUpdate: whole request, or invalidData* lists',
    'request',
    'item',
  ),
  forgottenStatus: q(
    'U8',
    'forgotten user on single calls; byEndpoint: users 409, others 400',
    'byEndpoint',
    '400',
    '409',
  ),
  unknownUserIdRead: q('U9', 'body of a read by an unknown userId', 'play', 'text', 'UnknownUserIdError'),
  purchaseIdPlace: q('U10', 'where trackPurchase returns the id', 'params', 'nowhere'),
  trackUnknownEmail: q('U11', 'events/track for an unknown email (email-based)', 'parked', 'notFound'),
  trackUnknownUserId: q('U11', 'events/track for an unknown userId (email-based)', 'notFound', 'parked'),
  doubleIntoLong: q('U12', 'a decimal into a field first seen whole', 'refused', 'accepted'),
  isoWithoutMillis: q('U13', 'yyyy-MM-ddTHH:mm:ssZ: a date or a string', 'date', 'string'),
  phoneNumber: q('U14', 'whether phoneNumber must be E.164', 'unchecked', 'e164'),
  emailCase: q('U15', 'emails in answers', 'lowered', 'asSent'),
  negativeAmounts: q('U16', 'negative total, price or quantity', 'accepted', 'refused'),
  oversizeStatus: q('U17', 'status of a body over the byte limit', '413', '400'),
  unpublishedLimits: q('U18', 'rate of commerce, updateEmail, subscriptions, list changes', 'none', '500'),
  unsubscribeNonMember: q('U19', 'lists/unsubscribe of someone not on the list', 'success', 'notFound'),
  dottedKeys: q('U20', 'a dotted key in dataFields', 'literal', 'split'),
  bulkUnknownUserId: q(
    'U21',
    'list naming an unknown userId in bulkUpdate (email-based)',
    'invalidUserIds',
    'notFoundUserIds',
  ),
  jsonErrorForm: q(
    '-',
    'members at fault in a BadJsonBody answer: as a phrase, or the lists of 2017',
    'phrase',
    'lists',
  ),
  noOpLists: q('-', 'noOpEmails and noOpUserIds in bulk results of users and lists', 'absent', 'listed'),
  updateOnly: q('-', 'updateOnly of bulkUpdate: without effect, or no new profiles', 'ignored', 'honoured'),
  trackNewEmail: q('-', 'events/track for an unknown email (hybrid)', 'created', 'notFound'),
  catalogItemRead: q('-', 'GET of one catalog item: bare, or inside params', 'bare', 'wrapped'),
  acceptedCode: q('-', 'code of the 202 of subscription groups', 'Success', 'Accepted'),
  missingEmail: q('-', 'email of a profile without one when read', 'empty', 'omitted'),
  eventIdCharset: q('-', 'whether ids must be letters, digits, hyphens', 'unchecked', 'enforced'),
  updateEmailElsewhere: q('-', 'users/updateEmail outside email-based projects', 'refused', 'allowed'),
} as const;

/** The name of an open question. */
export type SwitchName = keyof typeof questions;

/** A question with its interpretations, in the control API. */
export interface SwitchInfo extends Question {
  readonly value: string;
  readonly default: string;
}

/** The selected interpretation of every open question. */
export type Switches = Record<SwitchName, string>;

function q(point: string, about: string, ...readings: string[]): Question {
  return { point, about, readings };
}

// Object.keys loses the key type that `questions` has.
const names = Object.keys(questions) as SwitchName[];

/** Returns the default interpretation of every question. */
export function defaultSwitches(): Switches {
  return Object.fromEntries(names.map((name) => [name, questions[name].readings[0]!])) as Switches;
}

/** Sets interpretations in place; returns the problem of the request, or undefined when all were set. */
export function setSwitches(
  switches: Switches,
  changes: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, reading] of Object.entries(changes)) {
    const question = Object.hasOwn(questions, name) ? questions[name as SwitchName] : undefined;
    if (question === undefined) return `unknown switch "${name}"; known: ${names.join(', ')}`;
    if (typeof reading !== 'string' || !question.readings.includes(reading)) {
      return `switch "${name}" cannot be ${JSON.stringify(reading)}; readings: ${question.readings.join(', ')}`;
    }
  }
  Object.assign(switches, changes);
  return undefined;
}

/** Returns every question with its current and possible interpretations, for the control API and the README. */
export function describeSwitches(switches: Switches): Record<string, SwitchInfo> {
  return Object.fromEntries(
    names.map((name) => {
      const { point, about, readings } = questions[name];
      return [name, { value: switches[name], default: readings[0]!, readings, point, about }];
    }),
  );
}
