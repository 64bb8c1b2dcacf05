import { describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import type { Project } from '@waybill/iterable-sandbox';

import { event } from '../harness.ts';
import { ADA, type Body, DELIVERED, identify, PROJECT_TYPES, refused, shop, tea, track } from './support.ts';

const RETRY = (code: string, more: Body = {}): unknown =>
  expect.objectContaining({ status: 'retry', code, ...more });
const UNCHANGED = expect.objectContaining({ status: 'skipped', code: 'unchanged' });

const about = (name: string, properties: Body = {}): Event =>
  track(name, ADA.userId, { ...properties }, { traits: { email: ADA.email } });

/** The only profile, in any project. */
const only = (project: Project) => [...project.profiles][0]!;

describe('Update Email', () => {
  it.each(PROJECT_TYPES)('changes the address (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email, plan: 'pro' }));
    const act = action('updateEmail');
    expect(await act(about('Email Changed', { email: 'ada@new.example.com' }))).toEqual([DELIVERED]);
    expect(sandbox.project.profiles.size).toBe(1);
    expect(only(sandbox.project)).toMatchObject({
      email: 'ada@new.example.com',
      userId: 'u-1',
      fields: { plan: 'pro' },
    });
    const path = projectType === 'email' ? '/api/users/updateEmail' : '/api/users/bulkUpdate';
    expect(sandbox.project.stats.perEndpoint.get(path)).toBeDefined();
  });

  it.each(['email', 'hybrid'] as const)(
    'does not take the address of another profile (%s)',
    async (projectType) => {
      const { send, action, sandbox } = await shop({ projectType });
      await send(identify(ADA.userId, { email: ADA.email }), identify('u-2', { email: 'bob@example.com' }));
      expect(await action('updateEmail')(about('Email Changed', { email: 'bob@example.com' }))).toEqual([
        refused('destination_identity_conflict'),
      ]);
      expect(sandbox.project.profiles.size).toBe(2);
    },
  );

  it('treats the change as done when its answer was lost', async () => {
    const { send, action, post } = await shop({ projectType: 'email' });
    await send(identify(ADA.userId, { email: ADA.email }));
    await post('/_sandbox/faults', [
      { match: { path: '/api/users/updateEmail' }, kind: 'reset', after: true, times: 1 },
    ]);
    const act = action('updateEmail');
    const change = about('Email Changed', { email: 'ada@new.example.com' });
    expect(await act(change)).toEqual([RETRY('destination_unreachable')]);
    expect(await act.attempt(2, change)).toEqual([
      expect.objectContaining({ status: 'delivered', note: expect.stringContaining('already') }),
    ]);
  });

  it('waits for a missing user, and gives up in the end', async () => {
    const { action } = await shop({ projectType: 'email' });
    const act = action('updateEmail');
    const change = about('Email Changed', { email: 'ada@new.example.com' });
    expect(await act(change)).toEqual([RETRY('destination_user_not_found', { afterMs: 60_000 })]);
    expect(await act.attempt(5, change)).toEqual([refused('destination_user_not_found')]);
  });

  it.each(PROJECT_TYPES)(
    'fails when Iterable refuses the new address, for any other identifiers of the user (%s)',
    async (projectType) => {
      const { send, action } = await shop({ projectType });
      await send(identify(ADA.userId, { email: ADA.email }));
      const change = about('Email Changed', { email: 'zoë@example.com' });
      expect(await action('updateEmail')(change)).toEqual([refused('destination_invalid_identifier')]);
    },
  );

  it('refuses a malformed new address before anything is sent', async () => {
    const { action, sandbox } = await shop();
    expect(await action('updateEmail')(about('Email Changed', { email: 'ada@' }))).toEqual([
      refused('identity_invalid_email', { field: 'newEmail' }),
    ]);
    expect(sandbox.project.stats.requests).toBe(0);
  });
});

describe('Update Subscriptions', () => {
  const consent = (ids: Body, timestamp = '2026-03-01T10:00:00.000Z'): Event => ({
    ...about('Subscriptions Updated', ids),
    timestamp,
  });
  const listField = (projectType: string): string =>
    projectType === 'email' ? 'emailListIds' : 'userListIds';

  it.each(PROJECT_TYPES)('replaces mapped lists and keeps the others (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email }));
    const act = action('updateSubscriptions');
    await act(consent({ email_list_ids: [1, 2], unsubscribed_channel_ids: [3] }, '2026-03-01T10:00:00.000Z'));
    expect(await act(consent({ email_list_ids: [2, 4] }, '2026-03-01T10:00:01.000Z'))).toEqual([DELIVERED]);
    expect(only(sandbox.project).fields).toMatchObject({
      [listField(projectType)]: [2, 4],
      unsubscribedChannelIds: [3],
      subscriptionsUpdatedAt: '2026-03-01 10:00:01 +00:00',
    });
  });

  it.each(PROJECT_TYPES)('adds and removes on request (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email }));
    await action('updateSubscriptions')(consent({ email_list_ids: [1, 2] }));
    await action('updateSubscriptions', { change: 'add' })(
      consent({ email_list_ids: [2, 5], unsubscribed_message_type_ids: [11] }, '2026-03-01T11:00:00.000Z'),
    );
    await action('updateSubscriptions', { change: 'remove' })(
      consent({ email_list_ids: [1] }, '2026-03-01T12:00:00.000Z'),
    );
    expect(only(sandbox.project).fields).toMatchObject({
      [listField(projectType)]: [2, 5],
      unsubscribedMessageTypeIds: [11],
    });
  });

  it('lets the latest choice win, in any order of arrival', async () => {
    const { send, action, sandbox } = await shop();
    await send(identify(ADA.userId, { email: ADA.email }));
    const act = action('updateSubscriptions');
    await act(consent({ unsubscribed_channel_ids: [1, 2] }, '2026-03-02T10:00:00.000Z'));
    expect(await act(consent({ unsubscribed_channel_ids: [] }, '2026-03-01T10:00:00.000Z'))).toEqual([
      expect.objectContaining({ status: 'skipped', message: expect.stringContaining('2026-03-02T10:00:00') }),
    ]);
    expect(only(sandbox.project).fields).toMatchObject({ unsubscribedChannelIds: [1, 2] });
  });

  it('compares choices with the memory when no field stores the time', async () => {
    const { send, action } = await shop({ remembers: true });
    await send(identify(ADA.userId, { email: ADA.email }));
    const act = action('updateSubscriptions', { consentField: '' });
    await act(consent({ unsubscribed_channel_ids: [1] }, '2026-03-02T10:00:00.000Z'));
    expect(await act(consent({ unsubscribed_channel_ids: [] }, '2026-03-01T10:00:00.000Z'))).toEqual([
      UNCHANGED,
    ]);
  });

  it('distinguishes choices of the same second, and those for e-mail and text messages', async () => {
    const { send, action, sandbox } = await shop({ remembers: true });
    await send(identify(ADA.userId, { email: ADA.email }));
    const email = action('updateSubscriptions', { consentField: 'emailConsentAt', change: 'add' });
    const sms = action('updateSubscriptions', { consentField: 'smsConsentAt', change: 'add' });
    const no = (channel: number, time: string) => consent({ unsubscribed_channel_ids: [channel] }, time);
    await sms(no(2, '2026-03-02T10:00:00.500Z'));
    expect(await email(no(1, '2026-03-01T10:00:00.000Z'))).toEqual([DELIVERED]);
    expect(await sms(no(3, '2026-03-02T10:00:00.400Z'))).toEqual([UNCHANGED]);
    expect(only(sandbox.project).fields).toMatchObject({ unsubscribedChannelIds: [2, 1] });
  });

  it('names the reason of each user that the bulk answer only counts as invalid', async () => {
    const { send, action, post } = await shop({ projectType: 'email' });
    await send(identify('u-1', { email: 'ada@example.com' }), identify('u-2', { email: 'gone@example.com' }));
    await post('/api/users/forget', { email: 'gone@example.com' });
    const act = action('updateSubscriptions', { email: { '@path': '$.properties.who' } });
    const of = (userId: string, who?: string): Event =>
      track('Subscriptions Updated', userId, {
        unsubscribed_channel_ids: [1],
        ...(who === undefined ? {} : { who }),
      });
    expect(await act(of('u-1', 'ada@example.com'), of('u-2', 'gone@example.com'), of('u-9'))).toEqual([
      DELIVERED,
      refused('destination_user_forgotten'),
      refused('destination_user_not_found'),
    ]);
  });

  it('retries what Iterable could not write because of its own failure', async () => {
    const { send, action, post } = await shop();
    await send(identify('u-1', {}), identify('u-2', {}));
    await post('/_sandbox/faults', [
      {
        match: { path: '/api/users/bulkUpdateSubscriptions' },
        kind: 'status',
        status: 200,
        body: JSON.stringify({
          successCount: 1,
          failCount: 1,
          invalidEmails: [],
          invalidUserIds: [],
          validEmailFailures: [],
          validUserIdFailures: ['u-2'],
        }),
      },
    ]);
    const of = (userId: string): Event =>
      track('Subscriptions Updated', userId, { unsubscribed_channel_ids: [1] });
    expect(await action('updateSubscriptions')(of('u-1'), of('u-2'))).toEqual([
      DELIVERED,
      RETRY('destination_unavailable'),
    ]);
  });

  it('refuses opt-in message types with a message when the project has none', async () => {
    const { send, action } = await shop();
    await send(identify(ADA.userId, {}));
    expect(await action('updateSubscriptions')(consent({ subscribed_message_type_ids: [11] }))).toEqual([
      refused('destination_rejected', { message: expect.stringContaining('Opt-in message types') }),
    ]);
    expect(await action('updateSubscriptions')(consent({}))).toEqual([refused('payload_required')]);
  });
});

describe('Subscribe to List and Unsubscribe from List', () => {
  const newList = async (post: (path: string, body: unknown) => Promise<Body>): Promise<number> =>
    Number((await post('/api/lists', { name: 'Tea lovers' }))['listId']);

  it.each(PROJECT_TYPES)('add users to a list and remove them (%s)', async (projectType) => {
    const { action, post, sandbox } = await shop({ projectType });
    const list_id = await newList(post);
    expect(await action('subscribeToList')(about('Audience Entered', { list_id }))).toEqual([DELIVERED]);
    const field = projectType === 'email' ? 'emailListIds' : 'userListIds';
    expect(only(sandbox.project).fields[field]).toEqual([list_id]);
    expect(await action('unsubscribeFromList')(about('Audience Exited', { list_id }))).toEqual([DELIVERED]);
    expect(only(sandbox.project).fields[field]).toEqual([]);
    expect(only(sandbox.project).fields).not.toHaveProperty('unsubscribedChannelIds');
  });

  it('share calls only by list', async () => {
    const { action, post, sandbox } = await shop();
    const [one, two] = [await newList(post), await newList(post)];
    const entered = (index: number): Event =>
      track('Audience Entered', `u-${index}`, { list_id: index % 2 === 0 ? one : two });
    const events = Array.from({ length: 20 }, (_none, index) => entered(index));
    expect(await action('subscribeToList')(...events)).toEqual(events.map(() => DELIVERED));
    expect(sandbox.project.stats.perEndpoint.get('/api/lists/subscribe')).toMatchObject({
      requests: 2,
      accepted: 20,
    });
  });

  it.each(PROJECT_TYPES)(
    'wait for a list that may be new, without splitting the call (%s)',
    async (projectType) => {
      const { action, sandbox } = await shop({ projectType });
      const entered = Array.from({ length: 8 }, (_none, index) =>
        track('Audience Entered', `u-${index}`, { list_id: 999, email: `u-${index}@example.com` }),
      );
      const act = action('subscribeToList');
      expect(await act(...entered)).toEqual(
        entered.map(() =>
          RETRY('destination_not_found', { message: expect.stringContaining('invalidListId(999)') }),
        ),
      );
      expect(sandbox.project.stats.requests).toBe(1);
      expect(await act.attempt(5, entered[0]!)).toEqual([
        refused('destination_not_found', { field: 'listId' }),
      ]);
    },
  );

  it('skip unknown users on request', async () => {
    const { action, post } = await shop();
    const list_id = await newList(post);
    const act = action('subscribeToList', { updateExistingUsersOnly: true });
    expect(await act(about('Audience Entered', { list_id }))).toEqual([
      refused('destination_user_not_found'),
    ]);
  });

  it.each(['success', 'notFound'])(
    'count users who are not on the list as removed (read as %s)',
    async (unsubscribeNonMember) => {
      const { send, action, post } = await shop({ switches: { unsubscribeNonMember } });
      await send(identify('u-1', {}));
      const list_id = await newList(post);
      const off = track('Audience Exited', 'u-1', { list_id });
      const stranger = track('Audience Exited', 'stranger', { list_id });
      const [one, other] = await action('unsubscribeFromList')(off, stranger);
      expect(one).toEqual(unsubscribeNonMember === 'success' ? DELIVERED : UNCHANGED);
      expect(other).toEqual(UNCHANGED);
      // With the channel, the difference matters: the channel was not unsubscribed.
      expect(await action('unsubscribeFromList', { channelUnsubscribe: true })(stranger)).toEqual([
        refused('destination_user_not_found'),
      ]);
    },
  );

  it.each([false, true])(
    'create placeholder profiles in an e-mail project on request: %s',
    async (preferUserId) => {
      const { action, post, sandbox } = await shop({ projectType: 'email' }, { preferUserId });
      const list_id = await newList(post);
      expect(await action('subscribeToList')(track('Audience Entered', 'u-1', { list_id }))).toEqual([
        preferUserId ? DELIVERED : refused('destination_user_not_found'),
      ]);
      expect(sandbox.project.profiles.size).toBe(preferUserId ? 1 : 0);
    },
  );
});

describe('Upsert Catalog Items and Delete Catalog Items', () => {
  const catalog = 'Products';
  const product = (product_id: string, more: Body = {}): Event =>
    track('Catalog Item Updated', 'u-1', { catalog, product_id, name: 'Tea', ...more });
  const stored = (project: Project, id: string): Body | undefined =>
    project.catalogs.get('products')?.items.get(id)?.value;

  it('keep the fields that are not sent, or remove them', async () => {
    const { action, post, sandbox } = await shop();
    await post(`/api/catalogs/${catalog}`, {});
    expect(await action('upsertCatalogItems')(product('tea', { price: 4.5 }))).toEqual([DELIVERED]);
    expect(await action('upsertCatalogItems')(product('tea', { stock: 7 }))).toEqual([DELIVERED]);
    expect(stored(sandbox.project, 'tea')).toMatchObject({ price: 4.5, stock: 7 });
    expect(await action('upsertCatalogItems', { replace: true })(product('tea'))).toEqual([DELIVERED]);
    expect(stored(sandbox.project, 'tea')).not.toHaveProperty('price');
  });

  it('send many in a call and keep the order of two changes of one item', async () => {
    const { action, post, sandbox } = await shop();
    await post(`/api/catalogs/${catalog}`, {});
    const events = Array.from({ length: 50 }, (_none, index) =>
      product(`p-${index % 25}`, { price: index + 0.5 }),
    );
    expect(await action('upsertCatalogItems')(...events)).toEqual(events.map(() => DELIVERED));
    expect(stored(sandbox.project, 'p-3')).toMatchObject({ price: 28.5 });
    expect(sandbox.project.stats.perEndpoint.get('/api/catalogs/{catalog}/items')).toMatchObject({
      accepted: 50,
    });
  });

  it('name the problem of an item before it fails the call of others', async () => {
    const { action, post } = await shop();
    await post(`/api/catalogs/${catalog}`, {});
    expect(
      await action('upsertCatalogItems')(
        product('tea'),
        product('green tea'),
        product('cup', { size: { 'in.ch': 3 } }),
        product('pot', { text: 'x'.repeat(31_000) }),
      ),
    ).toEqual([
      DELIVERED,
      refused('payload_invalid_format', { field: 'itemId' }),
      refused('payload_invalid_format', { field: 'item.size.in.ch' }),
      refused('destination_too_large'),
    ]);
  });

  it('check again when the catalog does not show an accepted item', async () => {
    const { action, post } = await shop();
    await post(`/api/catalogs/${catalog}`, {});
    await post('/_sandbox/faults', [
      {
        match: { method: 'POST', path: '/api/catalogs/*' },
        kind: 'status',
        status: 202,
        body: '{"msg":"","code":"Success","params":null}',
      },
    ]);
    const act = action('upsertCatalogItems');
    const items = [product('tea'), product('cup')];
    expect(await act(...items)).toEqual(items.map(() => RETRY('destination_result_unknown')));
    expect(await act.attempt(4, ...items)).toEqual(items.map(() => refused('destination_rejected')));
    expect(await action('upsertCatalogItems', { verify: false })(...items)).toEqual(
      items.map(() =>
        expect.objectContaining({ status: 'delivered', note: expect.stringContaining('not read back') }),
      ),
    );
  });

  it('name the catalog that does not exist', async () => {
    const { action } = await shop();
    const unknown = refused('destination_not_found', { field: 'catalogName' });
    expect(await action('upsertCatalogItems')(product('tea'))).toEqual([unknown]);
    expect(await action('upsertCatalogItems')(product('tea'), product('cup'))).toEqual([unknown, unknown]);
    expect(
      await action('deleteCatalogItems')(
        track('Catalog Item Deleted', 'u-1', { catalog, product_id: 'tea' }),
      ),
    ).toEqual([unknown]);
  });

  it('remove items', async () => {
    const { action, post, sandbox } = await shop();
    await post(`/api/catalogs/${catalog}`, {});
    await action('upsertCatalogItems')(product('tea'), product('cup'), product('pot'));
    const gone = (product_id: string): Event => track('Catalog Item Deleted', 'u-1', { catalog, product_id });
    expect(await action('deleteCatalogItems')(gone('tea'), gone('cup'))).toEqual([DELIVERED, DELIVERED]);
    expect(await action('deleteCatalogItems')(gone('pot'))).toEqual([DELIVERED]);
    expect(await action('deleteCatalogItems')(gone('pot'))).toEqual([UNCHANGED]);
    expect(sandbox.project.catalogs.get('products')!.items.size).toBe(0);
  });
});

describe('Track Page View', () => {
  it.each(PROJECT_TYPES)('records a view under one name (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email }));
    const view = event({
      type: 'page',
      userId: ADA.userId,
      name: 'Green tea',
      properties: { path: '/tea/green' },
      context: { traits: { email: ADA.email } },
    });
    expect(await action('trackPage')(view)).toEqual([DELIVERED]);
    const [kept] = [...sandbox.project.events.values()];
    expect(kept).toMatchObject({ id: view.messageId, name: 'Page Viewed' });
    expect(JSON.parse(kept!.fields!)).toEqual({ name: 'Green tea', path: '/tea/green' });
  });
});

describe('Track Refund', () => {
  const refund = (properties: Body): Event => about('Order Refunded', { order_id: 'o-1', ...properties });

  it.each(PROJECT_TYPES)(
    'records a separate event and leaves the order and the cart unchanged (%s)',
    async (projectType) => {
      const { send, action, sandbox } = await shop({ projectType });
      await send(
        about('Order Completed', { order_id: 'o-1', total: 9, products: [tea(2)] }),
        about('Cart Updated', { products: [tea()] }),
      );
      const given = refund({ total: 4.5, products: [tea()] });
      expect(await action('trackRefund')(given, given)).toEqual([DELIVERED, DELIVERED]);
      const kept = [...sandbox.project.events.values()].filter(({ name }) => name === 'Order Refunded');
      expect(kept).toHaveLength(1);
      expect(kept[0]).toMatchObject({ id: given.messageId });
      expect(JSON.parse(kept[0]!.fields!)).toMatchObject({
        orderId: 'o-1',
        amount: 4.5,
        items: [{ id: 'tea' }],
      });
      expect(sandbox.project.purchases.get('o-1')).toMatchObject({ total: 9 });
      expect(only(sandbox.project).cart).toHaveLength(1);
    },
  );

  it.each(PROJECT_TYPES)('corrects the purchase, which empties the cart (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(
      about('Order Completed', { order_id: 'o-1', total: 9, products: [tea(2)] }),
      about('Cart Updated', { products: [tea()] }),
    );
    const act = action('trackRefund', { mode: 'purchase' });
    expect(await act(refund({ remaining_total: 4.5, products: [tea(1)] }))).toEqual([
      expect.objectContaining({ status: 'delivered', note: expect.stringContaining('time of the order') }),
    ]);
    expect(sandbox.project.purchases.size).toBe(1);
    expect(sandbox.project.purchases.get('o-1')).toMatchObject({ total: 4.5 });
    expect(only(sandbox.project).cart).toBeUndefined();
  });

  it('requires the data of a corrected purchase', async () => {
    const { action } = await shop();
    const act = action('trackRefund', { mode: 'purchase' });
    expect(await act(refund({ products: [tea()] }))).toEqual([
      refused('payload_required', { field: 'total' }),
    ]);
    expect(await act(refund({ remaining_total: -1, products: [tea()] }))).toEqual([
      refused('payload_out_of_range', { field: 'total' }),
    ]);
  });
});

describe('Merge Users', () => {
  it.each(['userId', 'hybrid'] as const)('makes one profile of two (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify('anonymous', { seen: 3, plan: 'free' }), identify('u-1', { plan: 'pro' }));
    const alias = event({ type: 'alias', userId: 'u-1', previousId: 'anonymous' });
    expect(await action('mergeUsers')(alias)).toEqual([DELIVERED]);
    expect(sandbox.project.profiles.size).toBe(1);
    expect(only(sandbox.project)).toMatchObject({ userId: 'u-1', fields: { plan: 'pro', seen: 3 } });
  });

  it('uses addresses in an e-mail project', async () => {
    const { send, action, sandbox } = await shop({ projectType: 'email' });
    await send(
      identify(undefined, { email: 'old@example.com', tags: ['a'] }),
      identify(undefined, { email: ADA.email, tags: ['b'] }),
    );
    const act = action('mergeUsers', {
      sourceEmail: { '@path': '$.traits.old' },
      arrayMerge: [{ field: 'tags' }],
    });
    const alias = event({
      type: 'alias',
      context: { traits: { email: ADA.email } },
      traits: { old: 'old@example.com' },
    });
    expect(await act(alias)).toEqual([DELIVERED]);
    expect(only(sandbox.project)).toMatchObject({ email: ADA.email, fields: { tags: ['b', 'a'] } });
  });

  it('does nothing for a user that never existed, or is the same', async () => {
    const { send, action } = await shop();
    await send(identify('u-1', {}));
    const act = action('mergeUsers');
    const alias = event({ type: 'alias', userId: 'u-1', previousId: 'nobody' });
    expect(await act(alias)).toEqual([RETRY('destination_user_not_found', { afterMs: 60_000 })]);
    expect(await act.attempt(2, alias)).toEqual([UNCHANGED]);
    expect(await act(event({ type: 'alias', userId: 'u-1', previousId: 'u-1' }))).toEqual([UNCHANGED]);
    expect(await act(event({ type: 'alias', userId: 'u-1' }))).toEqual([
      refused('identity_missing', { field: 'sourceUserId' }),
    ]);
  });
});

describe('Delete User and Forget User', () => {
  const gone = about('User Deleted');

  it.each(PROJECT_TYPES)(
    'delete: the profile is gone, and a later event creates it again (%s)',
    async (projectType) => {
      const { send, action, sandbox } = await shop({ projectType });
      await send(identify(ADA.userId, { email: ADA.email }));
      expect(await action('deleteUser')(gone)).toEqual([DELIVERED]);
      expect(sandbox.project.profiles.size).toBe(0);
      expect(await send(identify(ADA.userId, { email: ADA.email }))).toEqual([DELIVERED]);
      expect(sandbox.project.profiles.size).toBe(1);
    },
  );

  it.each(PROJECT_TYPES)('forget: later data is refused and not retried (%s)', async (projectType) => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await action('forgetUser')(gone)).toEqual([DELIVERED]);
    expect(sandbox.project.profiles.size).toBe(0);
    expect(await send(identify(ADA.userId, { email: ADA.email }))).toEqual([
      refused('destination_user_forgotten'),
    ]);
  });

  it('forget a user ID in an e-mail project by the address of its profile', async () => {
    const { send, action, sandbox } = await shop({ projectType: 'email' });
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await action('forgetUser')(track('Forget', ADA.userId, {}))).toEqual([DELIVERED]);
    expect([...sandbox.project.forgottenEmails]).toEqual([ADA.email]);
  });

  it.each(PROJECT_TYPES)('never erase twice (%s)', async (projectType) => {
    const { action } = await shop({ projectType });
    const act = action('forgetUser');
    expect(await act(gone)).toEqual([RETRY('destination_user_not_found')]);
    expect(await act.attempt(2, gone)).toEqual([UNCHANGED]);
  });

  it.each(
    PROJECT_TYPES.flatMap((projectType) =>
      (['forget', 'delete'] as const).map((deletionRequests) => ({ projectType, deletionRequests })),
    ),
  )('implement a deletion request (%j)', async ({ projectType, deletionRequests }) => {
    const { send, context, sandbox } = await shop({ projectType }, { deletionRequests });
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await iterable.deleteUser!(context(), { ...ADA })).toEqual(DELIVERED);
    expect(sandbox.project.profiles.size).toBe(0);
    const { forgottenEmails, forgottenUserIds } = sandbox.project;
    expect(forgottenEmails.size + forgottenUserIds.size > 0).toBe(deletionRequests === 'forget');
    expect(await iterable.deleteUser!(context(), { userId: undefined })).toEqual(refused('identity_missing'));
  });

  it('find the user ID of a deletion request in the memory', async () => {
    const { send, context, sandbox, memory } = await shop({ projectType: 'userId', remembers: true });
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await iterable.deleteUser!(context(), { email: ADA.email })).toEqual(DELIVERED);
    expect([sandbox.project.profiles.size, memory.size]).toEqual([0, 0]);
  });

  it('delete the user from the memory, too', async () => {
    const { send, action, memory } = await shop({ remembers: true });
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(memory.size).toBe(2);
    await action('deleteUser')(gone);
    expect(memory.size).toBe(0);
  });
});

describe('choices from the account', () => {
  it('are the lists, channels, message types, campaigns, templates and catalogs', async () => {
    const { context, post } = await shop();
    await post('/api/lists', { name: 'Tea lovers', description: 'green and black' });
    for (let index = 0; index < 101; index += 1) await post(`/api/catalogs/shop-${index}`, {});
    const ask = async (action: string, field: string, more: Body = {}) =>
      iterable.actions[action]!.dynamicFields![field]!(context(), { payload: {}, ...more });
    expect(await ask('subscribeToList', 'listId')).toEqual({
      choices: [{ value: expect.any(Number), label: 'Tea lovers', description: 'green and black' }],
    });
    expect(await ask('updateSubscriptions', 'unsubscribedChannelIds', { query: 'MARK' })).toEqual({
      choices: [{ value: 1, label: 'Marketing', description: 'Email' }],
    });
    expect(await ask('updateSubscriptions', 'unsubscribedMessageTypeIds')).toMatchObject({
      choices: [{ value: 11 }, { value: 12 }],
    });
    expect(await ask('trackEvent', 'campaignId', { query: 'spring' })).toMatchObject({
      choices: [{ value: 102 }],
    });
    expect(await ask('trackEvent', 'templateId')).toMatchObject({
      choices: [{ value: 201 }, { value: 202 }],
    });
    const first = await ask('upsertCatalogItems', 'catalogName');
    expect(first).toMatchObject({ nextPage: '2' });
    expect(await ask('upsertCatalogItems', 'catalogName', { page: '2' })).toEqual({
      choices: [{ value: 'shop-100', label: 'shop-100' }],
    });
  });

  it('report why they cannot be read', async () => {
    const { context } = await shop();
    const { settings, ...rest } = context();
    const wrong = { ...rest, settings: { ...(settings as Body), apiKey: 'wrong' } };
    for (const [action, field] of [
      ['subscribeToList', 'listId'],
      ['trackEvent', 'campaignId'],
    ] as const) {
      expect(await iterable.actions[action]!.dynamicFields![field]!(wrong, { payload: {} })).toMatchObject({
        error: { code: 'destination_unauthorized', message: expect.stringContaining('Invalid API key') },
      });
    }
    expect(
      await iterable.actions['trackEvent']!.dynamicFields!['campaignId']!(context(), {
        payload: {},
        page: 'x',
      }),
    ).toMatchObject({
      error: { code: 'payload_invalid_format' },
    });
  });
});
