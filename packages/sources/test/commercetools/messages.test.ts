import { describe, expect, it } from 'vitest';
import type { FeedPage } from '@waybill/core';
import { commercetools, contextOf, NOW, parametersOf } from './shop.ts';

const { read } = commercetools.shop!.feeds!['messages']!;
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const message = (id: string, seconds: number, typeId: string, about: string, type = 'Any') => ({
  id,
  createdAt: at(seconds),
  type,
  resource: { typeId, id: about },
});

/** A project with these messages, whose client has the scope. */
function project(scope: string, pages: readonly (readonly object[])[]) {
  const left = [...pages];
  const under = contextOf((path) => {
    if (path === '/oauth/token') return { body: { access_token: 't', expires_in: 600, scope } };
    return path === 'messages' ? { body: { results: left.shift() ?? [] } } : undefined;
  });
  const asked = () => under.calls.filter(({ url }) => url.includes('/messages?')).map(parametersOf);
  const next = async (position?: string) => (await read(position, under.context)) as FeedPage;
  return { ...under, asked, next };
}

describe('messages', () => {
  it('name the affected rows, also deleted ones, and only their ids are trusted', async () => {
    const { next, asked } = project('view_messages:shop', [
      [
        message('m1', -20, 'customer', 'c1', 'CustomerEmailChanged'),
        message('m2', -10, 'customer', 'c2', 'CustomerDeleted'),
        message('m3', -10, 'product', 'p1', 'ProductUnpublished'),
        message('m4', -5, 'payment', 'not/an/id'),
      ],
    ]);
    const { hints, more, position } = await next();
    expect(hints).toEqual([
      { stream: 'customers', id: 'c1' },
      { stream: 'customers', id: 'c2' },
      { stream: 'products', id: 'p1' },
    ]);
    expect([more, JSON.parse(position)]).toEqual([false, { newest: at(-5) }]);
    const [query] = asked();
    expect(query!.filter(([name]) => name === 'where').map(([, where]) => where)).toEqual([
      'createdAt >= :since',
      'resource(typeId in :types)',
    ]);
    // A quarter of an hour for clocks that differ, and the overlap.
    expect(new Map(query).get('var.since')).toBe(at(-1200));
  });

  it('of the last five minutes are requested again, and processed once', async () => {
    const [old, late, fresh] = [
      message('m1', -60, 'order', 'o1'),
      message('m0', -70, 'order', 'o0'),
      message('m2', -10, 'order', 'o2'),
    ];
    const under = project('manage_project:shop', [[old], [late, old, fresh], [late, old, fresh]]);
    const first = await under.next();
    const second = await under.next(first.position);
    expect(second.hints).toEqual([
      { stream: 'orders', id: 'o0' },
      { stream: 'orders', id: 'o2' },
    ]);
    expect(new Map(under.asked()[1]).get('var.since')).toBe(at(-360));
    // The position could not be stored: everything since is processed again.
    expect((await under.next(first.position)).hints).toHaveLength(3);
  });

  it('are read after the last one while there are more, also where many have the same time', async () => {
    const full = Array.from({ length: 500 }, (_, index) => message(`m${index}`, -30, 'order', `o${index}`));
    const under = project('view_messages:shop', [full, [message('n', -30, 'order', 'n')]]);
    const first = await under.next();
    expect(first.more).toBe(true);
    const second = await under.next(first.position);
    expect(second).toMatchObject({ hints: [{ stream: 'orders', id: 'n' }], more: false });
    expect(under.asked()[1]!.slice(0, 3)).toEqual([
      ['where', '(createdAt > :at or (createdAt = :at and id > :id))'],
      ['var.at', at(-30)],
      ['var.id', 'm499'],
    ]);
  });

  it('are skipped where the client may not read them', async () => {
    const under = project('view_orders:shop view_customers:shop', [[message('m1', -1, 'order', 'o1')]]);
    expect(await under.next()).toMatchObject({ hints: [], more: false, waitMs: 3_600_000 });
    expect(under.asked()).toEqual([]);
  });
});
