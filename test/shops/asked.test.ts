import { describe, expect, it } from 'vitest';
import { changesOf, reviewRequests } from '@waybill/commerce';
import type { ShopState } from '@waybill/core';
import preset from '@waybill/presets/iterable-for-shops.json' with { type: 'json' };
import { shops } from '@waybill/sources';
import { createTestEvent, simulateProcessor } from '@waybill/testing';

const NOW = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;

function changes(state: ShopState, settings: object = {}): ReturnType<typeof changesOf> {
  return changesOf(undefined, state, { platform: 'magento2', source: 'shop', settings, now: NOW });
}

describe('requirements of shops', () => {
  it('R61: consent names its store and language', () => {
    const consent = (store: object): ShopState => ({
      kind: 'consent',
      id: '7 email',
      customer: { id: '7', email: 'ada@example.com' },
      channel: 'email',
      state: 'subscribed',
      at: new Date(NOW).toISOString(),
      store,
    });
    const [german] = changes(consent({ id: 'de', locale: 'de-DE' }));
    const [french] = changes(consent({ id: 'fr', locale: 'fr-FR' }));
    expect(german).toMatchObject({ properties: { store: 'de', locale: 'de-DE' } });
    expect(french).toMatchObject({ properties: { store: 'fr', locale: 'fr-FR' } });
  });

  it('R70: customers of two stores are separated by a prefix, or merged by their address', () => {
    const customer = (id: string, store: string): ShopState => ({
      kind: 'customer',
      id,
      email: 'Ada@example.com',
      updatedAt: new Date(NOW).toISOString(),
      store: { id: store },
    });
    const idOf = (state: ShopState, settings: object): unknown => changes(state, settings)[0]!.userId;
    expect(idOf(customer('7', 'de'), { userIdPrefix: 'de-' })).toBe('de-7');
    expect(idOf(customer('7', 'fr'), { userIdPrefix: 'fr-' })).toBe('fr-7');
    const one = { identity: 'email' };
    expect(idOf(customer('7', 'de'), one)).toBe('ada@example.com');
    expect(idOf(customer('9', 'fr'), one)).toBe('ada@example.com');
  });

  it('R91: times and the size of pictures are settings, lists and channels are mappings', () => {
    const askedAt = (deliveredDays: number): unknown => {
      const simulation = simulateProcessor(reviewRequests, { deliveredDays });
      for (const name of ['Order Completed', 'Order Delivered'])
        simulation.receive(
          createTestEvent(name, {
            timestamp: new Date(NOW).toISOString(),
            userId: 'ada',
            properties: { order_id: '1', shipment_id: 's', products: [{ product_id: 'p', quantity: 1 }] },
            context: {},
          }),
          NOW,
        );
      simulation.advance(NOW + 30 * DAY);
      return simulation.derived[0]?.properties?.['due_at'];
    };
    expect(askedAt(3)).toBe(new Date(NOW + 3 * DAY).toISOString());
    expect(askedAt(10)).toBe(new Date(NOW + 10 * DAY).toISOString());
    const { products } = shops.find(({ slug }) => slug === 'ultracart')!.shop!.streams;
    const thumbnail = { width: 200, height: 200, https_url: 'https://shop.example/200.jpg' };
    const image = { type: 'Image', url: 'https://shop.example/whole.jpg', width: 1_000, height: 1_000 };
    const content = { multimedia: [{ ...image, thumbnails: [thumbnail] }] };
    const row = { item: { merchant_item_id: 'p', content }, readAt: NOW };
    const pictureOf = (imageSize: number): unknown =>
      (products!.states(row, { settings: { imageSize } })[0] as { readonly imageUrl?: string }).imageUrl;
    expect([pictureOf(200), pictureOf(1_000)]).toEqual([thumbnail.https_url, image.url]);
    const mappings = JSON.stringify(preset.mappings);
    expect(mappings).toMatch(/"listId"/);
    expect(mappings).toMatch(/[cC]hannel/);
  });
});
