import type { Rejected, Retry } from '@waybill/core';

import { isRecord } from '../../http/json.ts';
import type { Identifiers } from '../profile/profile.ts';
import type { Context } from '../settings.ts';
import { callKlaviyo } from './client.ts';
import { rowsIn } from './import-profiles.ts';

/** The IDs of profiles in the order of the people, undefined for unknown ones; or why they could not be read. */
export type FoundIds =
  | { readonly ids: readonly (string | undefined)[]; readonly failure?: undefined }
  | { readonly failure: Rejected | Retry };

const KINDS = ['external_id', 'email', 'phone_number'] as const;

/** The number of people per call: their identifiers are in the URL. */
const AT_A_TIME = 50;

/** Finds profiles by their first identifier that Klaviyo knows. */
export async function findIds(people: readonly Identifiers[], context: Context): Promise<FoundIds> {
  const found = new Map<Identifiers, string>();
  for (const kind of KINDS) {
    const wanted = people.filter((one) => !found.has(one) && one[kind] !== undefined);
    for (let start = 0; start < wanted.length; start += AT_A_TIME) {
      const some = wanted.slice(start, start + AT_A_TIME);
      const values = [...new Set(some.map((one) => one[kind]!))];
      const query = {
        filter: `any(${kind},${JSON.stringify(values)})`,
        'fields[profile]': KINDS.join(','),
        'page[size]': 100,
      };
      const answer = await callKlaviyo(
        { method: 'GET', path: '/api/profiles', query, takes: [200] },
        context,
      );
      if (answer.kind === 'refused') return { failure: answer.outcome };
      const known = new Map(
        rowsIn(answer.body).map(({ id, attributes }) => [
          plain(isRecord(attributes) ? attributes[kind] : undefined),
          String(id),
        ]),
      );
      for (const one of some) {
        const id = known.get(plain(one[kind]));
        if (id !== undefined) found.set(one, id);
      }
    }
  }
  return { ids: people.map((one) => found.get(one)) };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
