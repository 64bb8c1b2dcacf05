import { type DynamicField, type Issue, retry } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import type { Context } from '../settings.ts';
import { callKlaviyo } from './client.ts';
import { idIn, nextIn, rowsIn } from './import-profiles.ts';

/** A list of the account. */
export interface KlaviyoList {
  readonly id: string;
  readonly name: string;
}

/** Klaviyo returns ten lists per page, so several pages form one answer; a search reads more. */
const PAGES = { all: 10, search: 40 } as const;

/** Returns the lists of the account as choices, filtered by parts of their names. */
export const listChoices: DynamicField<Context> = async (context, { query = '', page }) => {
  const wanted = query.trim().toLowerCase();
  const found: KlaviyoList[] = [];
  let cursor = page;
  for (let read = 0; read < (wanted === '' ? PAGES.all : PAGES.search); read += 1) {
    const some = await readLists(cursor === undefined ? {} : { 'page[cursor]': cursor }, context);
    if ('error' in some) return some;
    found.push(
      ...some.lists.filter(({ name, id }) => name.toLowerCase().includes(wanted) || id === query.trim()),
    );
    cursor = some.next;
    if (cursor === undefined) break;
  }
  const choices = found.map(({ id, name }) => ({ label: name, value: id }));
  return cursor === undefined ? { choices } : { choices, nextPage: cursor };
};

/** Returns the list with a name or ID; undefined when there is none. */
export async function findList(
  by: 'name' | 'id',
  value: string,
  context: Context,
): Promise<{ readonly list: KlaviyoList | undefined } | { readonly error: Issue }> {
  const some = await readLists({ filter: `any(${by},${JSON.stringify([value])})` }, context);
  return 'error' in some ? some : { list: some.lists.find((one) => one[by] === value) };
}

/** Creates a list. */
export async function createList(
  name: string,
  optIn: string | undefined,
  context: Context,
): Promise<{ readonly list: KlaviyoList } | { readonly error: Issue }> {
  const attributes = { name, ...(optIn === undefined ? {} : { opt_in_process: optIn }) };
  const call = { path: '/api/lists', json: { data: { type: 'list', attributes } }, takes: [201] };
  const answer = await callKlaviyo(call, context);
  if (answer.kind === 'refused') return { error: issueOf(answer.outcome, 'name') };
  const id = idIn(answer.body);
  if (id === undefined)
    return { error: issueOf(retry('destination_unreadable_answer', 'The new list has no id.'), 'name') };
  return { list: { id, name } };
}

async function readLists(
  query: Readonly<Record<string, string>>,
  context: Context,
): Promise<
  { readonly lists: readonly KlaviyoList[]; readonly next: string | undefined } | { readonly error: Issue }
> {
  const call = {
    method: 'GET',
    path: '/api/lists',
    query: { 'fields[list]': 'name', ...query },
    takes: [200],
  } as const;
  const answer = await callKlaviyo(call, context);
  if (answer.kind === 'refused') return { error: issueOf(answer.outcome) };
  return { lists: rowsIn(answer.body).map(listOf), next: nextIn(answer.body) };
}

function listOf({ id, attributes }: JsonObject): KlaviyoList {
  const name = isRecord(attributes) ? attributes['name'] : undefined;
  return { id: String(id), name: typeof name === 'string' && name !== '' ? name : String(id) };
}

function issueOf({ code, message }: Pick<Issue, 'code' | 'message'>, path = ''): Issue {
  return { code, path, message };
}
