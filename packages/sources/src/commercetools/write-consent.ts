import { type ConsentWrite, failed, type ShopFailure } from '@waybill/core';
import { call, rowsOf } from './api.ts';
import { at, number, text } from './json.ts';
import { type JsonObject } from '../read.ts';
import type { Context } from './settings.ts';
import { asSaid } from './states/customer.ts';

/**
 * Sets the custom field of the customers of an address, in its current representation. An empty field means that the person was
 * never asked.
 */
export async function writeConsent(
  { email, channel, state }: ConsentWrite,
  context: Context,
): Promise<'written' | 'nobody' | ShopFailure> {
  const { emailConsentField, smsConsentField } = context.settings;
  const name = channel === 'email' ? emailConsentField : smsConsentField;
  if (name === undefined) return 'nobody';
  const found = await rowsOf(context, {
    path: 'customers',
    query: [
      ['where', 'lowercaseEmail = :email'],
      ['var.email', email],
      ['limit', '100'],
    ],
  });
  if ('failure' in found) return found;
  let written = 0;
  for (const row of found.rows) {
    const value = asSaid(at(row, 'custom', 'fields', name), state);
    if (value === undefined) continue;
    const failure = await change(row, { action: 'setCustomField', name, value }, context);
    if (failure !== undefined) return failure;
    written += 1;
  }
  return written > 0 ? 'written' : 'nobody';
}

async function change(row: JsonObject, action: object, context: Context): Promise<ShopFailure | undefined> {
  const path = `customers/${encodeURIComponent(text(row, 'id') ?? '')}`;
  const got = await call(context, { path, json: { version: number(row, 'version'), actions: [action] } });
  if (!('failure' in got) || got.failure.code !== 'source_forbidden')
    return 'failure' in got ? got : undefined;
  const message = `The API client lacks the scope manage_customers:${context.settings.projectKey}, which is required to write consent. Scopes of a client cannot be changed: create a new client with it.`;
  return { failure: failed('source_forbidden', message) };
}
