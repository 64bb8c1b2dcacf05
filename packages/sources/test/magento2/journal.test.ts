import { describe, expect, it } from 'vitest';
import type { FeedPage } from '@waybill/core';
import { magento2 } from '../../src/magento2/index.ts';
import { contextOf, type Reply } from './support.ts';

const URL_OF = 'https://events.adobe.io/events/organizations/1/integrations/2/abc';
const SETTINGS = {
  adobeClientId: 'client',
  adobeClientSecret: 'secret',
  adobeOrganization: 'ORG@AdobeOrg',
  adobeJournalUrl: URL_OF,
};
const { isOn, read } = magento2.shop!.feeds!['journal']!;
const event = (code: string, value: object, recipientclientid = 'client') => ({
  position: 'p',
  event: { type: `com.adobe.commerce.observer.${code}`, recipientclientid, data: { value } },
});
const next = (since: string, more: Readonly<Record<string, string>> = {}) => ({
  link: `</events/organizations/1/integrations/2/abc?since=${since}&limit=100>; rel="next", </x/validate>; rel="validate"`,
  ...more,
});

/** A journal with these answers, in sequence. */
function journal(replies: readonly NonNullable<Reply>[], settings: object = {}) {
  const left = [...replies];
  const under = contextOf(
    ({ url }) =>
      url.includes('/ims/token') ? { body: { access_token: 'token', expires_in: 3_600 } } : left.shift(),
    { ...SETTINGS, ...settings },
  );
  const pages = () => under.calls.filter(({ url }) => url.startsWith(URL_OF));
  return { ...under, pages, on: async (position?: string) => read(position, under.context) };
}

describe('the journal of Adobe I/O Events', () => {
  it('is read where its address and the client are configured', () => {
    expect([isOn!(SETTINGS), isOn!({ ...SETTINGS, adobeJournalUrl: undefined })]).toEqual([true, false]);
  });

  it('begins with new events, waits as requested, and continues by its link', async () => {
    const under = journal([
      { status: 204, body: '', headers: next('a', { 'retry-after': '90' }) },
      {
        body: {
          events: [
            event('sales_order_save_commit_after', { entity_id: '57' }),
            event('sales_order_creditmemo_save_after', { order_id: 57 }),
            event('customer_delete_commit_after', { entity_id: '31' }),
            event('customer_save_commit_after', { entity_id: '99' }, 'another client'),
          ],
        },
        headers: next('b'),
      },
    ]);
    const first = (await under.on()) as FeedPage;
    expect(first).toMatchObject({ hints: [], more: false, waitMs: 90_000 });
    const second = (await under.on(first.position)) as FeedPage;
    expect(second.hints).toEqual([
      { stream: 'orders', id: '57' },
      { stream: 'customers', id: '31' },
    ]);
    expect(second.more).toBe(true);
    const [one, two] = under.pages();
    expect(one).toMatchObject({
      query: { latest: 'true', limit: '100' },
      headers: {
        authorization: 'Bearer token',
        'x-api-key': 'client',
        'x-ims-org-id': 'ORG@AdobeOrg',
      },
    });
    expect(two!.query).toEqual({ since: 'a', limit: '100' });
    expect(under.calls.filter(({ url }) => url.includes('/ims/token'))).toHaveLength(1);
  });

  it('continues with the oldest event when the next one has expired', async () => {
    const under = journal([
      { status: 410, body: 'Events at position a have expired.' },
      { body: { events: [event('sales_order_save_commit_after', { entity_id: '1' })] }, headers: next('c') },
    ]);
    expect(await under.on(`${URL_OF}?since=a`)).toMatchObject({ hints: [{ stream: 'orders', id: '1' }] });
    expect(under.pages().map(({ query }) => query)).toEqual([{ since: 'a', limit: '100' }, { limit: '100' }]);
  });

  it('follows no link to another host, and accepts no cursor of another journal', async () => {
    const elsewhere = { link: '<https://elsewhere.example/abc?since=a>; rel="next"' };
    const wrong = journal([{ status: 204, body: '', headers: elsewhere }]);
    expect(await wrong.on()).toMatchObject({ failure: { code: 'source_unreadable_answer' } });
    const moved = journal([{ status: 204, body: '', headers: next('a') }]);
    await moved.on('https://events.adobe.io/events/organizations/1/integrations/2/old?since=z');
    expect(moved.pages()[0]!.query).toEqual({ latest: 'true', limit: '100' });
  });

  it('requests another token when one is refused, and reports the refusal of Adobe', async () => {
    const again = journal([
      { status: 401, body: {} },
      { status: 204, body: '', headers: next('a') },
    ]);
    expect(await again.on()).toMatchObject({ more: false });
    expect(again.calls.filter(({ url }) => url.includes('/ims/token'))).toHaveLength(2);
    const refused = journal([{ status: 403, body: { message: 'Api Key is invalid' } }]);
    const message = 'Adobe I/O Events answered 403 to the journal: Api Key is invalid';
    expect(await refused.on()).toMatchObject({ failure: { code: 'source_forbidden', message } });
  });

  it('names Adobe when there is no token', async () => {
    const down = contextOf(() => ({ status: 503, body: '<title>Down</title>' }), SETTINGS);
    const message = 'Adobe IMS answered 503 to the request for a token: Down';
    expect(await read(undefined, down.context)).toMatchObject({
      failure: { code: 'source_unavailable', message },
    });
  });
});
