import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IterableApiError, IterableClient } from '@iterable/api';
import { createSandbox, type ProjectType, type Sandbox } from '../src/index.ts';

let sandbox: Sandbox;
let client: IterableClient;

/** The methods of the client that a test has successfully called: its schemas have accepted the body. */
const driven = new Set<string>();

function noted(real: IterableClient): IterableClient {
  return new Proxy(real, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(member, target, args);
        if (result instanceof Promise)
          void result.then(() => driven.add(String(name))).catch(() => undefined);
        return result;
      };
    },
  });
}

/** Returns every method of the client, from all its layers. */
function methods(): string[] {
  const names = new Set<string>();
  for (let at: object | null = IterableClient.prototype; at !== null; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype) break;
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  names.delete('constructor');
  return [...names].sort();
}

async function connect(projectType: ProjectType): Promise<void> {
  sandbox = await createSandbox({ projectType, limits: false });
  client = noted(new IterableClient({ apiKey: 'demo', baseUrl: sandbox.url }));
}

async function disconnect(): Promise<void> {
  client.destroy();
  await sandbox.close();
}

afterEach(disconnect);

describe('the official client, unchanged, in an email-based project', () => {
  beforeEach(() => connect('email'));

  it('writes a user and reads it back', async () => {
    const written = await client.updateUser({
      email: 'a@example.com',
      dataFields: { name: 'Ann', vip: true },
    });
    expect(written.code).toBe('Success');
    const { user } = await client.getUserByEmail({ email: 'a@example.com' });
    expect(user).toMatchObject({ email: 'a@example.com', dataFields: { name: 'Ann', vip: true } });
  });

  it('reads an unknown address as no user', async () => {
    expect(await client.getUserByEmail({ email: 'nobody@example.com' })).toEqual({});
  });

  it('moves a user with updateEmail', async () => {
    await client.updateUser({ email: 'old@example.com', dataFields: { n: 1 } });
    await client.updateEmail({ currentEmail: 'old@example.com', newEmail: 'new@example.com' });
    expect(await client.getUserByEmail({ email: 'old@example.com' })).toEqual({});
    const { user } = await client.getUserByEmail({ email: 'new@example.com' });
    expect(user?.dataFields?.n).toBe(1);
  });

  it('updates users in bulk', async () => {
    const users = [{ email: 'a@example.com', dataFields: { n: 1 } }, { email: 'b@example.com' }];
    expect(await client.bulkUpdateUsers({ users })).toMatchObject({ successCount: 2, failCount: 0 });
  });

  it('changes subscriptions', async () => {
    const ids = { emailListIds: [1], unsubscribedChannelIds: [1] };
    await client.updateUserSubscriptions({ email: 'a@example.com', ...ids });
    const { user } = await client.getUserByEmail({ email: 'a@example.com' });
    expect(user?.dataFields).toMatchObject(ids);
  });

  it('deletes a user by email', async () => {
    await client.updateUser({ email: 'a@example.com' });
    expect((await client.deleteUserByEmail({ email: 'a@example.com' })).code).toBe('Success');
    expect(await client.getUserByEmail({ email: 'a@example.com' })).toEqual({});
  });

  it('lists the user fields and the sent messages', async () => {
    await client.updateUser({ email: 'a@example.com', dataFields: { address: { city: 'Oslo' } } });
    const { fields } = await client.getUserFields();
    expect(fields).toMatchObject({ address: 'object', 'address.city': 'string' });
    expect(await client.getSentMessages({ email: 'a@example.com' })).toEqual({ messages: [] });
  });

  it('makes, fills, reads and deletes a list', async () => {
    const { listId } = await client.createList({ name: 'VIP', description: 'Best customers' });
    const subscribers = [{ email: 'a@example.com' }, { email: 'b@example.com' }];
    expect(await client.subscribeUserToList({ listId, subscribers })).toMatchObject({ successCount: 2 });
    expect(await client.getListSize({ listId })).toEqual({ size: 2 });
    expect((await client.getListUsers({ listId })).users).toEqual(subscribers);
    expect((await client.getListPreviewUsers({ listId })).users).toHaveLength(2);
    expect((await client.getLists()).lists).toMatchObject([
      { id: listId, name: 'VIP', listType: 'Standard' },
    ]);
    await client.unsubscribeUserFromList({ listId, subscribers: subscribers.slice(1) });
    expect(await client.getListSize({ listId })).toEqual({ size: 1 });
    expect((await client.deleteList({ listId })).code).toBe('Success');
  });

  it('sees an unknown list as status 400 with the code Success', async () => {
    const failed = client.subscribeUserToList({ listId: 999_999_999, subscribers: [] });
    const error = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IterableApiError);
    expect(error).toMatchObject({
      statusCode: 400,
      code: 'Success',
      message: 'error.lists.invalidListId(999999999)',
      params: { projectId: 1, listId: 999_999_999 },
    });
  });

  it('works on the subscription groups', async () => {
    const group = { subscriptionGroup: 'messageChannel', subscriptionGroupId: 1 } as const;
    await client.unsubscribeUserByEmail({ ...group, userEmail: 'a@example.com' });
    expect((await client.getUserByEmail({ email: 'a@example.com' })).user?.dataFields).toMatchObject({
      unsubscribedChannelIds: [1],
    });
    await client.subscribeUserByEmail({ ...group, userEmail: 'a@example.com' });
    const bulk = { ...group, action: 'unsubscribe', users: ['a@example.com', 'b@example.com'] } as const;
    expect((await client.bulkUpdateSubscriptions({ ...bulk, users: [...bulk.users] })).code).toBe('Success');
  });
});

describe('the official client, unchanged, in a hybrid project', () => {
  beforeEach(() => connect('hybrid'));

  it('works by userId alone', async () => {
    await client.updateUser({ userId: 'u1', dataFields: { n: 1 } });
    const { user } = await client.getUserByUserId({ userId: 'u1' });
    expect(user).toMatchObject({ userId: 'u1', dataFields: { n: 1 } });
    expect((await client.deleteUserByUserId({ userId: 'u1' })).code).toBe('Success');
  });

  it('tracks events one by one and in bulk and reads them back', async () => {
    const tracked = await client.trackEvent({
      userId: 'u1',
      eventName: 'Seen',
      id: 'e1',
      dataFields: { n: 1 },
    });
    expect(tracked).toMatchObject({ msg: 'Event with id: e1 tracked.', params: { id: 'e1' } });
    const events = [{ email: 'a@example.com', eventName: 'Seen', createdAt: 1_700_000_000 }];
    expect(await client.trackBulkEvents({ events })).toMatchObject({ successCount: 1, failCount: 0 });
    expect((await client.getUserEventsByUserId({ userId: 'u1' })).events).toMatchObject([
      { eventName: 'Seen' },
    ]);
    expect((await client.getUserEventsByEmail({ email: 'a@example.com', limit: 5 })).events).toHaveLength(1);
  });

  it('merges two users', async () => {
    await client.updateUser({ userId: 'from', dataFields: { a: 1, tags: ['x'] } });
    await client.updateUser({ userId: 'to', dataFields: { a: 2, tags: ['y'] } });
    await client.mergeUsers({
      sourceUserId: 'from',
      destinationUserId: 'to',
      arrayMerge: [{ field: 'tags' }],
    });
    const { user } = await client.getUserByUserId({ userId: 'to' });
    expect(user?.dataFields).toMatchObject({ a: 2, tags: ['y', 'x'] });
  });

  it('keeps catalogs and their items', async () => {
    const catalogName = 'Shoes';
    await client.createCatalog({ catalogName });
    await client.replaceCatalogItems({
      catalogName,
      documents: { s1: { price: 10, color: 'red' }, s2: { price: 5 } },
    });
    await client.partialUpdateCatalogItems({ catalogName, documents: { s1: { price: 11 } } });
    expect(await client.getCatalogItem({ catalogName, itemId: 's1' })).toMatchObject({
      catalogName,
      itemId: 's1',
      value: { price: 11, color: 'red' },
    });
    await client.replaceCatalogItem({ catalogName, itemId: 's1', value: { price: 12 } });
    await client.partialUpdateCatalogItem({ catalogName, itemId: 's2', update: { color: 'blue' } });
    const items = await client.getCatalogItems({ catalogName, orderBy: 'price', sortAscending: true });
    expect(items.catalogItemsWithProperties.map(({ value }) => value)).toEqual([
      { price: 5, color: 'blue' },
      { price: 12 },
    ]);
    await client.updateCatalogFieldMappings({
      catalogName,
      mappingsUpdates: [{ fieldName: 'price', fieldType: 'long' }],
    });
    expect(await client.getCatalogFieldMappings({ catalogName })).toEqual({
      definedMappings: { price: 'long' },
      undefinedFields: ['color'],
    });
    expect(await client.getCatalogs()).toMatchObject({
      catalogNames: [{ name: catalogName }],
      totalCatalogsCount: 1,
    });
    await client.deleteCatalogItem({ catalogName, itemId: 's1' });
    await client.bulkDeleteCatalogItems({ catalogName, itemIds: ['s2'] });
    expect((await client.getCatalogItems({ catalogName })).totalItemsCount).toBe(0);
    await client.deleteCatalog({ catalogName });
    expect((await client.getCatalogs()).totalCatalogsCount).toBe(0);
  });

  it('reads channels, message types, campaigns, templates and webhooks', async () => {
    expect((await client.getChannels()).channels.length).toBeGreaterThan(0);
    expect((await client.getMessageTypes()).messageTypes.length).toBeGreaterThan(0);
    expect((await client.getCampaigns()).totalCampaignsCount).toBe(2);
    expect(await client.getCampaign({ id: 101 })).toMatchObject({ id: 101, name: 'Welcome' });
    expect((await client.getTemplates()).totalTemplatesCount).toBe(2);
    expect(await client.getEmailTemplate({ templateId: 201 })).toMatchObject({ name: 'Welcome' });
    const [webhook] = (await client.getWebhooks()).webhooks;
    expect(await client.updateWebhook({ webhookId: webhook!.id })).toEqual(webhook);
  });

  it('gets the errors it knows', async () => {
    const stranger = new IterableClient({ apiKey: 'wrong', baseUrl: sandbox.url });
    await expect(stranger.getLists()).rejects.toMatchObject({ statusCode: 401, code: 'BadApiKey' });
    stranger.destroy();
    await expect(client.updateUser({ email: 'foo@' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidEmailAddressError',
    });
  });

  it('moves users by userId in the subscription groups', async () => {
    const group = { subscriptionGroup: 'messageType', subscriptionGroupId: 11 } as const;
    await client.unsubscribeUserByUserId({ ...group, userId: 'u1' });
    expect((await client.getUserByUserId({ userId: 'u1' })).user?.dataFields).toMatchObject({
      unsubscribedMessageTypeIds: [11],
    });
    expect((await client.subscribeUserByUserId({ ...group, userId: 'u1' })).code).toBe('Success');
  });

  it('asks for messages, campaigns and journeys and cancels them', async () => {
    await client.updateUser({ userId: 'u1' });
    const { listId } = await client.createList({ name: 'VIP' });
    const to = { campaignId: 101, recipientUserId: 'u1' };
    const from = { campaignId: 101, userId: 'u1' };
    const answers = [
      await client.sendEmail(to),
      await client.sendSMS(to),
      await client.sendPush(to),
      await client.sendWebPush(to),
      await client.sendWhatsApp(to),
      await client.sendInApp(to),
      await client.cancelEmail(from),
      await client.cancelSMS(from),
      await client.cancelPush(from),
      await client.cancelWebPush(from),
      await client.cancelWhatsApp(from),
      await client.cancelInApp(from),
      await client.triggerJourney({ workflowId: 1, userId: 'u1' }),
      await client.triggerCampaign({ campaignId: 101, listIds: [listId] }),
    ];
    for (const { code } of answers) expect(code).toBe('Success');
    expect(sandbox.project.sends).toHaveLength(answers.length);
    expect(await client.getInAppMessages({ userId: 'u1', count: 5 })).toEqual({ inAppMessages: [] });
  });
});

describe("requests of the official client's tests to Iterable", () => {
  beforeEach(() => connect('email'));
  const refused = { statusCode: 400 };

  it.each(['sendEmail', 'sendSMS', 'sendPush', 'sendWebPush', 'sendWhatsApp', 'sendInApp'] as const)(
    '%s refuses an unknown campaign, and creates no profile',
    async (send) => {
      const call = client[send]({ recipientEmail: 'a@example.com', campaignId: 999_999 });
      await expect(call).rejects.toMatchObject(refused);
      expect(sandbox.project.profiles.size).toBe(0);
    },
  );

  it.each(['cancelEmail', 'cancelSMS', 'cancelWebPush', 'cancelPush', 'cancelWhatsApp'] as const)(
    '%s refuses an unknown campaign',
    async (cancel) => {
      const call = client[cancel]({ campaignId: 0, scheduledMessageId: 999_999 });
      await expect(call).rejects.toMatchObject(refused);
    },
  );

  it('refuses to trigger an unknown campaign', async () => {
    const { listId } = await client.createList({ name: 'VIP' });
    await expect(client.triggerCampaign({ campaignId: 9, listIds: [listId] })).rejects.toMatchObject(refused);
  });
});

describe('every method of the official client', () => {
  beforeEach(() => connect('hybrid'));

  it('reads metrics, and starts, follows and cancels exports', async () => {
    const metrics = await client.getCampaignMetrics({
      campaignId: 101,
      startDateTime: '2026-01-01 00:00:00',
      endDateTime: '2026-01-02 00:00:00',
    });
    expect(metrics).toMatchObject([{ id: '101' }]);
    const { jobId } = await client.startExportJob({ dataTypeName: 'user', outputFormat: 'text/csv' });
    expect((await client.getExportJobs()).jobs).toMatchObject([{ id: jobId, dataTypeName: 'user' }]);
    expect(await client.getExportFiles({ jobId })).toMatchObject({ jobId, files: [] });
    await client.cancelExportJob({ jobId });
    expect((await client.getExportJobs({ jobState: 'completed' })).jobs).toEqual([]);
  });

  const marketer = 'what marketers edit in Iterable; nothing an event leads to';
  const reasons: Record<string, string> = {
    destroy: 'closes the client itself',
    ...Object.fromEntries(
      [
        ...['createBlastCampaign', 'createTriggeredCampaign', 'getChildCampaigns'],
        ...['scheduleCampaign', 'abortCampaign', 'cancelCampaign', 'sendCampaign', 'archiveCampaigns'],
        ...['activateTriggeredCampaign', 'deactivateTriggeredCampaign', 'getJourneys'],
        ...['getExperimentMetrics', 'listExperiments', 'getExperiment', 'getExperimentVariants'],
        ...['getExperimentTotals', 'getExperimentTrends', 'createExperiment', 'copyExperimentVariant'],
        ...['updateExperimentSettings', 'startExperiment', 'cancelExperiment', 'declareExperimentWinner'],
        ...[
          'deleteExperiment',
          'getSnippets',
          'createSnippet',
          'getSnippet',
          'updateSnippet',
          'deleteSnippet',
        ],
        ...['getTemplateByClientId', 'bulkDeleteTemplates', 'deleteTemplates'],
        ...['upsertEmailTemplate', 'updateEmailTemplate', 'sendEmailTemplateProof', 'previewEmailTemplate'],
        ...['getSMSTemplate', 'upsertSMSTemplate', 'updateSMSTemplate', 'sendSMSTemplateProof'],
        ...['getPushTemplate', 'upsertPushTemplate', 'updatePushTemplate', 'sendPushTemplateProof'],
        ...['getInAppTemplate', 'upsertInAppTemplate', 'updateInAppTemplate', 'sendInAppTemplateProof'],
        'previewInAppTemplate',
      ].map((name) => [name, marketer]),
    ),
    getEmbeddedMessages: 'placements are made by marketers and read by apps',
  };

  it('is called above, or is listed with a reason', () => {
    expect(methods().filter((name) => !driven.has(name))).toEqual(Object.keys(reasons).sort());
  });
});
