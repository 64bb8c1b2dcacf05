import { expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ErrorCode } from '@waybill/core';
import { klaviyo } from '@waybill/destinations';
import {
  actionTables,
  code,
  codeTable,
  plain,
  presetTable,
  regenerated,
  settingsTable,
  table,
} from '../tables.ts';
import { official } from './official.ts';

const CODES: readonly ErrorCode[] = [
  'identity_missing',
  'identity_invalid_email',
  'payload_required',
  'destination_invalid_identifier',
  'destination_identity_conflict',
  'destination_unauthorized',
  'destination_forbidden',
  'destination_not_found',
  'destination_user_not_found',
  'destination_rejected',
  'destination_rate_limited',
  'destination_result_unknown',
];

const HINTS: Partial<Record<ErrorCode, string>> = {
  identity_missing:
    'The event names nobody. Narrow the trigger, or map an e-mail address, phone number or user ID.',
  payload_required:
    'The mapping names no list, or the event has no address or number for the channel: the message says which.',
  destination_unauthorized: 'The key is wrong or is a public one. Private keys begin with pk_.',
  destination_forbidden:
    'Give the key full access to events, profiles, lists, subscriptions and data privacy.',
  destination_not_found: 'The list does not exist, or the address of the API is not one of Klaviyo.',
};

const PARTS = {
  settings: () => settingsTable(klaviyo),
  presets: () => presetTable(klaviyo),
  actions: () => actionTables(klaviyo),
  hook: () => {
    const { fields, outputs = {} } = klaviyo.actions['addToList']!.hooks!.onMappingSave!;
    const rows = [...Object.entries(fields), ...Object.entries(outputs)];
    return table(
      ['Member', 'Key', 'Of', 'What'],
      rows.map(([key, { label, description }]) => [
        label,
        code(key),
        key in fields ? 'inputs' : 'outputs',
        description,
      ]),
    );
  },
  endpoints: () =>
    table(
      ['Endpoint', 'In a second', 'In a minute'],
      official.operations.map(({ method, path, limits }) => [
        code(`${method} ${path}`),
        limits.burst.split('/')[0]!,
        limits.steady.split('/')[0]!,
      ]),
    ),
  codes: () => codeTable(CODES, HINTS),
};

it('docs/destinations/klaviyo.md matches the definition (UPDATE_DOCS=1 writes it; then format the page)', () => {
  const file = new URL('../../../../docs/destinations/klaviyo.md', import.meta.url);
  const page = readFileSync(file, 'utf8');
  for (const name of Object.keys(PARTS)) expect(page).toContain(`<!-- generated: ${name} -->`);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, regenerated(page, PARTS));
  expect(plain(readFileSync(file, 'utf8'))).toBe(plain(regenerated(page, PARTS)));
});
