import { delivered, type Outcome, retry } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import { withExchanges } from '../../http/outcomes.ts';
import type { Identifiers } from '../profile/profile.ts';
import type { Context } from '../settings.ts';
import { type Answer, callKlaviyo } from './client.ts';
import type { Said } from './together.ts';

const JOBS = '/api/profile-bulk-import-jobs';

/** How long to wait before each look at a job, in milliseconds. Most have ended at the first. */
const WAITS = [0, 250, 500, 1_000, 2_000, 4_000] as const;
const ERRORS_PER_PAGE = 100;
const MOST_PAGES = 20;

/** A profile with the identifiers by which a job names it. */
export interface Imported {
  readonly by: Identifiers;
  readonly profile: JsonObject;
}

/** Makes or changes one profile. Its id is there when that worked. */
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

/** Makes or changes many profiles by a job, puts them on a list where one is named, and waits for what came of it. */
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
  // Failures that nobody can be found for could be of anybody.
  const found = each.filter((one) => one === undefined).length;
  return found < ended.failures ? { each: entries.map(() => undefined) } : { each };
}

type End = { readonly failures: number; readonly exchange: number } | { readonly outcome: Outcome };

/** Waits until a job has ended, for a while. */
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

/** The profiles that a job could not import. */
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

/** The id of the resource of an answer. */
export function idIn({ data }: JsonObject): string | undefined {
  const id = isRecord(data) ? data['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The resources of an answer. */
export function rowsIn({ data }: JsonObject): readonly JsonObject[] {
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

/** Where the next page begins; nothing at the last one. */
export function nextIn({ links }: JsonObject): string | undefined {
  const next = isRecord(links) ? links['next'] : undefined;
  if (typeof next !== 'string' || !URL.canParse(next)) return undefined;
  return new URL(next).searchParams.get('page[cursor]') ?? undefined;
}

function unreadable(exchange: number): Outcome {
  return withExchanges(retry('destination_unreadable_answer', 'The answer has no id.'), [exchange]);
}
