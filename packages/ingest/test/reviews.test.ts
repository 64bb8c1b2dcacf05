import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reviewRequests } from '@waybill/commerce';
import { createLinks, createProcessors, createReviews, type Processors, type Reviews } from '@waybill/ingest';
import { type World, world } from './support.ts';

describe('tokens of links', () => {
  const links = createLinks('a secret of this server');
  const text = JSON.stringify(['review', 'e:ada@example.com', '17', 'tea', 1_800_000_000_000]);
  const token = links.seal('reviews', text);

  it('are readable only with the key, and the same for the same text', () => {
    expect(links.open('reviews', token)).toBe(text);
    expect(links.seal('reviews', text)).toBe(token);
    expect(links.seal('reviews', text.replace('17', '18'))).not.toBe(token);
    expect(links.open('other', token)).toBeUndefined();
    expect(createLinks('another').open('reviews', token)).toBeUndefined();
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('example.com');
  });

  it('are refused when any part of them was changed, cut or encoded differently', () => {
    for (let at = 0; at < token.length; at += 1) {
      const letter = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      expect(links.open('reviews', changed), `letter ${at}`).toBeUndefined();
      expect(links.open('reviews', token.slice(0, at)), `the first ${at}`).toBeUndefined();
    }
    for (const other of [`${token}=`, `${token}A`, ` ${token}`, token.repeat(100), ''])
      expect(links.open('reviews', other), other.slice(0, 20)).toBeUndefined();
  });
});

describe('links to reviews', () => {
  const links = createLinks('a secret of this server');
  const settings = { deliveredDays: 0, linkDays: 1, reviewUrl: 'https://shop.example/{token}' };
  const processor = { id: 'asks', name: 'asks', enabled: true, processor: reviewRequests };
  const review = { rating: 4 };
  const origin = { path: 'test' };
  let one: World;
  let processors: Processors;
  let reviews: Reviews;
  const open = async (): Promise<void> => {
    const common = { log: one.log, intake: one.intake, holder: 'test', now: () => one.time.now };
    const fail = (_processor: string, error: unknown): never => {
      throw new Error(JSON.stringify(error));
    };
    const seal = (owner: string, text: string): string => links.seal(owner, text);
    processors = createProcessors({ ...common, seal, onFailure: fail, onError: fail });
    await processors.configure([{ ...processor, sources: ['shop'], settings }]);
    reviews = createReviews({ ...common, processors, links });
  };
  /** Delivers products to a guest; returns the tokens of the review requests. */
  const asked = async (...products: readonly string[]): Promise<readonly string[]> => {
    const lines = products.map((id) => ({ product_id: id, quantity: 1, price: 5 }));
    const at = new Date(one.time.now).toISOString();
    for (const event of ['Order Completed', 'Order Delivered'])
      await one.send('shop', {
        type: 'track',
        messageId: `${event} ${at}`,
        anonymousId: 'visitor',
        timestamp: at,
        event,
        properties: { order_id: at, shipment_id: 's', total: 5, currency: 'EUR', products: lines },
        context: { traits: { email: 'ada@example.com' } },
      });
    await processors.idle();
    const requests = (await one.all()).filter(({ event }) => event === 'Review Requested');
    const { products: told } = requests.at(-1)!.properties as { products: { review_url: string }[] };
    return told.map(({ review_url: url }) => new URL(url).pathname.slice(1));
  };
  const codeOf = (said: Awaited<ReturnType<Reviews['take']>>): string =>
    'failure' in said ? said.failure.code : 'taken';

  beforeEach(async () => {
    one = await world();
    await open();
  });
  afterEach(async () => {
    await processors.stop();
    await one.close();
  });

  it('stay used after a kill, and their data is deleted once they have expired', async () => {
    const [token] = await asked('tea', 'mug');
    expect(codeOf(await reviews.take('asks', token!, review, origin))).toBe('taken');
    const before = processors;
    await one.reopen();
    await before.stop().catch(() => undefined);
    await open();
    expect(codeOf(await reviews.take('asks', token!, review, origin))).toBe('review_link_used');
    expect((await one.log.carriedAfter('reviews', { limit: 10 })).length).toBe(1);
    one.time.now += 2 * 86_400_000;
    expect(codeOf(await reviews.take('asks', token!, review, origin))).toBe('review_link_expired');
    const [next] = await asked('pot');
    expect(codeOf(await reviews.take('asks', next!, review, origin))).toBe('taken');
    expect((await one.log.carriedAfter('reviews', { limit: 10 })).length).toBe(1);
  });

  it('belong to the later account of a guest, and to no one after deletion', async () => {
    const [token, other] = await asked('tea', 'mug');
    await one.send('shop', {
      type: 'identify',
      messageId: 'account',
      userId: 'ada',
      anonymousId: 'visitor',
      traits: { email: 'ada@example.com' },
    });
    await processors.idle();
    expect(codeOf(await reviews.take('asks', token!, review, origin))).toBe('taken');
    const [reviewed] = (await one.all()).filter(({ event }) => event === 'Product Reviewed');
    expect(reviewed).toMatchObject({ source: 'asks', userId: 'ada', properties: { rating: 4 } });
    await processors.forget({ userId: 'ada', email: 'ada@example.com' });
    expect(codeOf(await reviews.take('asks', other!, review, origin))).toBe('review_link_invalid');
  });
});
