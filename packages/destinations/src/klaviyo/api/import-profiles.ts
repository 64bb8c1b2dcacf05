import { delivered, type Outcome, retry } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import { withExchanges } from '../../http/outcomes.ts';
import type { Identifiers } from '../profile/profile.ts';
import type { Context } from '../settings.ts';
import { type Answer, callKlaviyo } from './client.ts';
import type { Said } from './together.ts';

const JOBS = '/api/profile-bulk-import-jobs';

/** The delays before checks of a job, in milliseconds. Most jobs have ended at the first. */
const WAITS = [0, 250, 500, 1_000, 2_000, 4_000] as const;
const ERRORS_PER_PAGE = 100;
const MOST_PAGES = 20;

/** A profile with its identifiers in a job. */
export interface Imported {
  readonly by: Identifiers;
  readonly profile: JsonObject;
}

/** Creates or updates a profile. Has its ID on success. */
export async function importOne(
  { profile }: Pick<Imported, 'profile'>,
  context: Context,
): Promise<{ readonly outcome: Outcome; readonly id?: string }> {
  const call = { path: '/api/profile-import', json: { data: profile }, takes: [200, 201] };
  const answer = await callKlaviyo(call, context);
  if (answer.kind === 'refused') return { outcome: answer.outcome };
  const id = idIn(answer.body);
  if (id === undefined) return { outcome: unreadable(answer.exchange) };
  return { outcome: withExchanges(delivered(), [answer.exchange]), id };
}

/** Creates or updates many profiles by a job, adds them to a list if given, and waits for the result. */
export async function importMany(
  entries: readonly Imported[],
  listId: string | undefined,
  context: Context,
): Promise<Said> {
  const profiles = { data: entries.map(({ profile }) => profile) };
  const lists =
    listId === undefined ? {} : { relationships: { lists: { data: [{ type: 'list', id: listId }] } } };
  const data = { type: 'profile-bulk-import-job', attributes: { profiles }, ...lists };
  const answer = await callKlaviyo({ path: JOBS, json: { data }, takes: [202] }, context);
  if (answer.kind === 'refused') return { refused: answer };
  const id = idIn(answer.body);
  const all = (outcome: Outcome): Said => ({ each: entries.map(() => outcome) });
  if (id === undefined) return all(unreadable(answer.exchange));
  const ended = await endOf(id, context);
  if ('outcome' in ended) return all(withExchanges(ended.outcome, [answer.exchange]));
  const taken = withExchanges(delivered(), [answer.exchange, ended.exchange]);
  if (ended.failures === 0) return all(taken);
  const failed = await failedIn(id, context);
  const each = entries.map(({ by }) => (failed.some((one) => isOf(one, by)) ? undefined : taken));
  // Failures without an identifiable profile could belong to any of them.
  const found = each.filter((one) => one === undefined).length;
  return found < ended.failures ? { each: entries.map(() => undefined) } : { each };
}

type End = { readonly failures: number; readonly exchange: number } | { readonly outcome: Outcome };

/** Waits until a job has ended, up to a limit. */
async function endOf(id: string, context: Context): Promise<End> {
  let answer: Answer | undefined;
  for (const wait of WAITS) {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    answer = await callKlaviyo(
      { method: 'GET', path: `${JOBS}/${encodeURIComponent(id)}`, takes: [200] },
      context,
    );
    if (answer.kind === 'refused') break;
    const { data } = answer.body;
    const attributes = isRecord(data) && isRecord(data['attributes']) ? data['attributes'] : {};
    const { status, failed_count: failures } = attributes;
    if (status === 'complete' && Number.isInteger(failures))
      return { failures: failures as number, exchange: answer.exchange };
    if (status === 'cancelled') break;
  }
  const why = answer?.kind === 'refused' ? ` ${answer.outcome.message}` : '';
  const message = `Klaviyo accepted the import but has not reported its result yet; it is sent again, which changes nothing.${why}`;
  return { outcome: retry('destination_result_unknown', message) };
}

/** Returns the profiles that a job could not import. */
async function failedIn(id: string, context: Context): Promise<readonly JsonObject[]> {
  const failed: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = {
      'page[size]': ERRORS_PER_PAGE,
      ...(cursor === undefined ? {} : { 'page[cursor]': cursor }),
    };
    const path = `${JOBS}/${encodeURIComponent(id)}/import-errors`;
    const answer = await callKlaviyo({ method: 'GET', path, query, takes: [200] }, context);
    if (answer.kind === 'refused') return failed;
    for (const error of rowsIn(answer.body)) {
      const payload = isRecord(error['attributes']) ? error['attributes']['original_payload'] : undefined;
      if (isRecord(payload)) failed.push(payload);
    }
    cursor = nextIn(answer.body);
    if (cursor === undefined) break;
  }
  return failed;
}

function isOf(payload: JsonObject, by: Identifiers): boolean {
  const said = isRecord(payload['attributes']) ? payload['attributes'] : payload;
  const names = Object.entries(by);
  return names.length > 0 && names.every(([name, value]) => said[name] === value);
}

/** Returns the ID of the resource of an answer. */
export function idIn({ data }: JsonObject): string | undefined {
  const id = isRecord(data) ? data['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Returns the resources of an answer. */
export function rowsIn({ data }: JsonObject): readonly JsonObject[] {
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

/** Returns the cursor of the next page; undefined on the last one. */
export function nextIn({ links }: JsonObject): string | undefined {
  const next = isRecord(links) ? links['next'] : undefined;
  if (typeof next !== 'string' || !URL.canParse(next)) return undefined;
  return new URL(next).searchParams.get('page[cursor]') ?? undefined;
}

function unreadable(exchange: number): Outcome {
  return withExchanges(retry('destination_unreadable_answer', 'The response has no ID.'), [exchange]);
}
