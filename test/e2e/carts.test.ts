import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Workspace } from '@waybill/core';
import { type Answer, type Harness, openHarness } from './harness.ts';

/** The mappings of the page of a processor. */
function mappingsOf(processor: string): readonly Answer[] {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'processors', `${processor}.md`);
  return JSON.parse(/```json\n(\[[\s\S]*?\])\n```/.exec(readFileSync(file, 'utf8'))![1]!) as Answer[];
}

/** The id of the first list that is made in a local Iterable. */
const LIST = 1001;

/** A workspace with them, of which the list is one that there is. */
const workspace = (apiUrl: string): Workspace => ({
  sources: [{ id: 'shop', writeKey: 'demo' }],
  processors: [
    {
      id: 'carts',
      type: 'abandoned-cart',
      settings: { steps: [0, 60], settle: 0, returnUrl: 'https://shop.example/cart/{{cart_id}}' },
    },
    { id: 'browsing', type: 'browse-abandonment', settings: { delay: 0, settle: 0 } },
  ],
  destinations: [
    {
      id: 'iterable',
      type: 'iterable',
      settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl },
      mappings: [
        {
          id: 'people',
          action: 'updateUser',
          trigger: 'type = "identify"',
          mapping: { userId: { '@path': '$.userId' }, email: { '@path': '$.traits.email' } },
        },
        ...[...mappingsOf('abandoned-cart'), ...mappingsOf('browse-abandonment')].map((one) =>
          'listId' in one.mapping ? { ...one, mapping: { ...one.mapping, listId: LIST } } : one,
        ),
      ],
    },
  ],
});

describe('an abandoned cart', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  it('is reported to Iterable, adds the user to a list, and removes them with the order', async () => {
    harness = await openHarness({ workspace });
    const made = await fetch(`${harness.sandbox.url}/api/lists`, {
      method: 'POST',
      headers: { 'api-key': 'demo', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Abandoned carts' }),
    });
    expect(await made.json()).toEqual({ listId: LIST });
    const visitor = { anonymousId: 'visitor-1' };
    const product = { product_id: 'p1', name: 'Tea', price: 4.5, currency: 'EUR', quantity: 2 };
    await harness.track('track', {
      ...visitor,
      event: 'Product Added',
      properties: { cart_id: 'c 1', ...product },
    });
    await harness.server.idle();
    // There is no address of the visitor yet.
    await harness.track('identify', { ...visitor, userId: 'ada', traits: { email: 'ada@example.com' } });
    await harness.track('track', {
      userId: 'ada',
      event: 'Cart Viewed',
      properties: { cart_id: 'c 1', currency: 'EUR', products: [{ ...product, quantity: 3 }] },
    });
    await harness.server.idle();
    const state = async (): Promise<Answer> => harness.iterable();
    const events = async (): Promise<Answer[]> => (await state()).events;
    expect(await events()).toMatchObject([
      {
        eventName: 'Abandoned Cart Step',
        dataFields: {
          cart_id: 'c 1',
          step: 1,
          steps: 2,
          value: 13.5,
          currency: 'EUR',
          products: [{ product_id: 'p1', name: 'Tea', price: 4.5, quantity: 3 }],
          return_url: 'https://shop.example/cart/c%201',
        },
      },
    ]);
    const members = async (): Promise<string> => {
      const answer = await fetch(`${harness.sandbox.url}/api/lists/getUsers?listId=${LIST}`, {
        headers: { 'api-key': 'demo' },
      });
      return (await answer.text()).trim();
    };
    expect(await members()).toBe('ada@example.com');
    const order = { order_id: '7', cart_id: 'c 1', total: 13.5, currency: 'EUR' };
    await harness.track('track', { userId: 'ada', event: 'Order Completed', properties: order });
    await harness.server.idle();
    expect(await members()).toBe('');
    await harness.track('track', { userId: 'ada', event: 'Product Viewed', properties: product });
    await harness.server.idle();
    expect((await events()).filter(({ eventName }) => eventName === 'Browse Abandoned')).toMatchObject([
      {
        dataFields: { viewed: 1, currency: 'EUR', products: [{ product_id: 'p1', name: 'Tea', price: 4.5 }] },
      },
    ]);
    const { body } = await harness.admin('processors/carts/user?userId=ada');
    expect(JSON.stringify(body)).toContain('The reminders of cart c 1 have ended: ordered.');
  });
});
