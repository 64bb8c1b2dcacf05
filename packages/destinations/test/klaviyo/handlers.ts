import type { Account, Profile } from './account.ts';

// Requests were validated against the description before.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = any;

/** Import jobs by ID. */
export type Jobs = Map<string, { readonly total: number; readonly failed: readonly Body[]; looks: number }>;

/** The input of an endpoint. */
export interface Given {
  readonly account: Account;
  readonly jobs: Jobs;
  readonly body: Body;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
  readonly looks: number;
  readonly url: string;
}

/** The answer of an endpoint. */
export interface Made {
  readonly status: number;
  readonly body?: Body;
}

const AT = '2026-03-01T10:00:00+00:00';

/** The endpoints, by their names in the description. */
export const HANDLERS: Readonly<Record<string, (given: Given) => Made>> = {
  create_event({ account, body }) {
    const { profile, ...event } = body.data.attributes;
    const wrong = account.wrong(profile.data.attributes);
    if (wrong !== undefined)
      return refusal(wrong.code, wrong.detail, `/data/attributes/profile/data/attributes/${wrong.at}`);
    account.record(account.upsert(profile.data.attributes).profile, event);
    return { status: 202 };
  },

  bulk_create_events({ account, body }) {
    const entries: readonly Body[] = body.data.attributes['events-bulk-create'].data;
    const names = entries.flatMap(({ attributes: { profile, events } }) =>
      events.data.map(({ attributes: { metric, unique_id: id } }: Body) =>
        JSON.stringify([profile.data.attributes, metric, id]),
      ),
    );
    if (names.length > 1_000) return refusal('invalid', 'Too many events.', '/data');
    if (new Set(names).size < names.length) return refusal('invalid', 'A unique_id is repeated.', '/data');
    for (const [index, { attributes }] of entries.entries()) {
      const wrong = account.wrong(attributes.profile.data.attributes);
      if (wrong === undefined) continue;
      const at = `/data/attributes/events-bulk-create/data/${index}/attributes/profile/data/attributes/${wrong.at}`;
      return refusal(wrong.code, wrong.detail, at);
    }
    for (const { attributes } of entries) {
      const { profile } = account.upsert(attributes.profile.data.attributes);
      for (const event of attributes.events.data) account.record(profile, event.attributes);
    }
    return { status: 202 };
  },

  create_or_update_profile({ account, body }) {
    const wrong = account.wrong(body.data.attributes);
    if (wrong !== undefined) {
      const status = wrong.code === 'duplicate_profile' ? 409 : 400;
      return { status, body: errorBody(status, wrong.code, wrong.detail, `/data/attributes/${wrong.at}`) };
    }
    const { profile, isNew } = account.upsert(body.data.attributes);
    return { status: isNew ? 201 : 200, body: { data: shown(profile), links: SELF } };
  },

  bulk_import_profiles({ account, jobs, body, looks }) {
    const rows: readonly Body[] = body.data.attributes.profiles.data;
    const list = body.data.relationships?.lists?.data[0]?.id;
    if (rows.length > 10_000) return refusal('invalid', 'Too many profiles.', '/data');
    if (list !== undefined && !account.members.has(list)) return missing('list');
    const failed: Body[] = [];
    for (const { attributes } of rows) {
      const wrong = account.wrong(attributes);
      if (wrong !== undefined) failed.push({ ...wrong, payload: attributes });
      else {
        const { profile } = account.upsert(attributes, true);
        if (list !== undefined) account.members.get(list)!.add(profile.id);
      }
    }
    const id = account.id('J');
    jobs.set(id, { total: rows.length, failed, looks });
    return { status: 202, body: { data: job(id, jobs.get(id)!, 'queued') } };
  },

  get_bulk_import_profiles_job({ jobs, id }) {
    const found = jobs.get(id!);
    if (found === undefined) return missing('job');
    found.looks -= 1;
    return { status: 200, body: { data: job(id!, found, found.looks >= 0 ? 'processing' : 'complete') } };
  },

  get_errors_for_bulk_import_profiles_job({ jobs, id, query }) {
    const { failed } = jobs.get(id!)!;
    const rows = failed.map(({ code, detail, at, payload }, index) => ({
      type: 'import-error',
      id: `IE${index}`,
      attributes: {
        code,
        title: 'Invalid input.',
        detail,
        source: { pointer: `/data/attributes/${at}` },
        original_payload: payload,
      },
      links: SELF,
    }));
    return paged(
      rows,
      query,
      Number(query.get('page[size]') ?? 20),
      `/api/profile-bulk-import-jobs/${id}/import-errors`,
    );
  },

  add_profiles_to_list: (given) => changed(given, (members, id) => members.add(id)),
  remove_profiles_from_list: (given) => changed(given, (members, id) => members.delete(id)),

  bulk_subscribe_profiles({ account, body }) {
    const { profiles, historical_import: isHistorical } = body.data.attributes;
    const list = body.data.relationships?.list?.data.id;
    if (list !== undefined && !account.members.has(list)) return missing('list');
    for (const [index, { attributes }] of profiles.data.entries()) {
      const at = `/data/attributes/profiles/data/${index}/attributes`;
      const wrong = account.wrong(attributes);
      if (wrong !== undefined) return refusal(wrong.code, wrong.detail, `${at}/${wrong.at}`);
      for (const { marketing } of Object.values<Body>(attributes.subscriptions))
        if ((marketing.consented_at !== undefined) !== (isHistorical === true))
          return refusal('invalid', 'consented_at belongs to a historical import.', at);
    }
    for (const { attributes } of profiles.data) said(account, attributes, list, 'SUBSCRIBED');
    return { status: 202 };
  },

  bulk_unsubscribe_profiles({ account, body }) {
    const { data } = body.data.attributes.profiles;
    if (data.length > 100) return refusal('invalid', 'Too many profiles.', '/data');
    for (const { attributes } of data) {
      const list = body.data.relationships?.list?.data.id;
      said(account, attributes, list, 'UNSUBSCRIBED');
    }
    return { status: 202 };
  },

  request_profile_deletion({ account, body }) {
    const { id, attributes } = body.data.attributes.profile.data;
    const names = [id, attributes.email, attributes.phone_number].filter((one) => one !== undefined);
    if (names.length !== 1)
      return refusal('invalid', 'Exactly one identifier is needed.', '/data/attributes/profile');
    account.erase(id, attributes);
    return { status: 202 };
  },

  get_lists({ account, query }) {
    const [, kind, value] = /^any\((\w+),\[(".*")\]\)$/.exec(query.get('filter') ?? '') ?? [];
    const wanted = value === undefined ? undefined : (JSON.parse(value) as string);
    const rows = account.lists
      .filter((one) => wanted === undefined || one[kind as 'id' | 'name'] === wanted)
      .map(({ id, name }) => ({ type: 'list', id, attributes: { name }, links: SELF }));
    return paged(rows, query, 10, '/api/lists');
  },

  create_list({ account, body }) {
    const { name, opt_in_process: optIn } = body.data.attributes;
    if (name.length > 100) return refusal('invalid', 'The name is too long.', '/data/attributes/name');
    const id = account.addList(name, optIn);
    const attributes = { name, created: AT, updated: AT, opt_in_process: optIn ?? 'double_opt_in' };
    return { status: 201, body: { data: { type: 'list', id, attributes, links: SELF } } };
  },

  get_accounts: () => ({
    status: 200,
    body: { data: [{ type: 'account', id: 'AC1', attributes: ACCOUNT, links: SELF }], links: LINKS },
  }),

  get_profiles({ account, query }) {
    const [, kind, list] = /^any\((\w+),(\[.*\])\)$/.exec(query.get('filter') ?? '') ?? [];
    const wanted = new Set((JSON.parse(list ?? '[]') as string[]).map((one) => one.toLowerCase()));
    const rows = [...account.profiles.values()].filter(({ attributes }) =>
      wanted.has(String(attributes[kind!]).toLowerCase()),
    );
    return paged(rows.map(shown), query, 100, '/api/profiles');
  },
};

/** A body of problems. */
export function errorBody(status: number, code: string, detail: string, pointer = '/data'): Body {
  const title = 'The request could not be taken.';
  return { errors: [{ id: 'e1', status, code, title, detail, source: { pointer } }] };
}

const SELF = { self: 'https://a.klaviyo.com/api/this' };
const LINKS = { ...SELF, first: 'string', last: 'string', prev: 'string', next: 'string' };
const ACCOUNT = {
  test_account: true,
  contact_information: {
    default_sender_name: 'Kontor',
    default_sender_email: 'shop@example.com',
    website_url: 'https://shop.example',
    organization_name: 'Kontor',
    street_address: { address1: '', address2: '', city: '', region: '', country: 'DE', zip: '' },
  },
  industry: 'Ecommerce',
  timezone: 'Europe/Berlin',
  preferred_currency: 'EUR',
  public_api_key: 'AC1',
  locale: 'de-DE',
};

function shown({ id, attributes }: Profile): Body {
  const { email, phone_number, external_id } = attributes;
  return { type: 'profile', id, attributes: { email, phone_number, external_id }, links: SELF };
}

function job(
  id: string,
  { total, failed }: { readonly total: number; readonly failed: readonly Body[] },
  status: string,
): Body {
  const counts = { total_count: total, completed_count: total - failed.length, failed_count: failed.length };
  return {
    type: 'profile-bulk-import-job',
    id,
    attributes: { status, created_at: AT, ...counts },
    links: SELF,
  };
}

function changed({ account, body, id }: Given, change: (members: Set<string>, id: string) => unknown): Made {
  const members = account.members.get(id!);
  if (members === undefined) return missing('list');
  for (const one of body.data) change(members, one.id);
  return { status: 204 };
}

/** Applies consent to the named profiles; without a list, to all lists. */
function said(account: Account, attributes: Body, list: string | undefined, word: string): void {
  const { subscriptions, ...rest } = attributes;
  const { profile } = account.upsert(rest);
  const members = list === undefined ? undefined : account.members.get(list);
  const isOfListAlone = word === 'UNSUBSCRIBED' && members?.has(profile.id) === true;
  if (word === 'SUBSCRIBED') members?.add(profile.id);
  else members?.delete(profile.id);
  if (!isOfListAlone) for (const channel of Object.keys(subscriptions)) profile.consent[channel] = word;
}

function paged(rows: readonly Body[], query: URLSearchParams, size: number, path: string): Made {
  const from = Number(query.get('page[cursor]') ?? 0);
  const next =
    from + size < rows.length ? { next: `https://a.klaviyo.com${path}?page%5Bcursor%5D=${from + size}` } : {};
  return { status: 200, body: { data: rows.slice(from, from + size), links: { ...SELF, ...next } } };
}

function refusal(code: string, detail: string, pointer: string): Made {
  return { status: 400, body: errorBody(400, code, detail, pointer) };
}

function missing(kind: string): Made {
  return { status: 404, body: errorBody(404, 'not_found', `A ${kind} with this id does not exist.`) };
}
