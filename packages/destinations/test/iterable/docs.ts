import type { ErrorCode } from '@waybill/core';
import { iterable } from '@waybill/destinations';

import { actionTables, code, codeTable, presetTable, settingsTable, table } from '../tables.ts';
import { FIXES } from './hosted-cases.ts';
import { ACTIONS, type Cell, TABLE } from './identity-table.ts';

/** What to do about a code at this destination, beyond the registry. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  identity_missing:
    'An event of an anonymous visitor has no identifier that Iterable takes. Narrow the trigger, or identify visitors first.',
  payload_required:
    'Most often a line of a cart or order without a name, price or quantity: the message names the line.',
  destination_unauthorized:
    'The key is wrong, is not of the type "Server-side", or belongs to the other data center. Try the connection after each change.',
  destination_user_not_found:
    'In an e-mail project, send identify with the address (and the user ID) before other events, then replay.',
  destination_identity_conflict: 'Merge the two profiles in Iterable, then replay.',
  destination_field_type_conflict:
    'Iterable fixed the type of the field when it first saw it, and cannot change it. Map the value to that type, or to a field of another name.',
  destination_field_limit: 'Map fewer data fields, or have the limit raised by Iterable.',
  destination_event_disallowed: 'The event name is on the list of the project that is not to be tracked.',
  destination_user_forgotten: 'The person was erased in Iterable. This is final, and not to be replayed.',
  destination_rate_limited:
    'Iterable takes 5 bulk calls of users and 10 of events a second for the whole project, including those of other systems.',
  destination_not_found:
    'The list or the catalog does not exist, or the address of the API is not one of Iterable: the message says which.',
};

const CODES: readonly ErrorCode[] = [
  'identity_missing',
  'identity_invalid_email',
  'identity_invalid_user_id',
  'payload_required',
  'payload_invalid_format',
  'destination_unauthorized',
  'destination_forbidden',
  'destination_not_found',
  'destination_invalid_identifier',
  'destination_user_not_found',
  'destination_user_forgotten',
  'destination_identity_conflict',
  'destination_field_type_conflict',
  'destination_field_limit',
  'destination_event_disallowed',
  'destination_too_large',
  'destination_rejected',
  'destination_rate_limited',
  'destination_unavailable',
  'destination_timeout',
  'destination_unreachable',
  'destination_unreadable_answer',
  'destination_result_unknown',
];

/** The parts of the page that are generated from the definition, by name. */
export const PARTS: Readonly<Record<string, () => string>> = {
  settings: () => settingsTable(iterable),
  identity: () =>
    table(
      ['Project', 'Identifiers of the event', ...ACTIONS.map(({ title }) => title)],
      TABLE.map(({ project, identifiers, cells }) => [
        PROJECTS[project],
        identifiers,
        ...cells.map(cellText),
      ]),
    ),
  actions: () => actionTables(iterable),
  presets: () => presetTable(iterable),
  fixes: () =>
    table(
      ['What', 'Hosted', 'Here', 'Why'],
      FIXES.map(({ name, hosted, here, reason }) => [name, hosted, here, reason]),
    ),
  codes: () => codeTable(CODES, HINTS),
};

const PROJECTS = { email: 'E-mail', userId: 'UserID', hybrid: 'Hybrid' };

function cellText(cell: Cell): string {
  if (cell.rejected !== undefined) return code(cell.rejected);
  const { dataFields, ...top } = cell.sent;
  const names = Object.keys(top).map(code).join(' and ');
  const inside = Object.keys((dataFields as object | undefined) ?? {}).map((key) =>
    code(`dataFields.${key}`),
  );
  return [names, ...inside].join(', ') + (cell.note === undefined ? '' : ', with a note');
}
