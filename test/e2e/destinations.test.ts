import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@waybill/server';
import { type Google, openGoogle } from '../../packages/destinations/test/ga4/google.ts';
import { type Klaviyo, openKlaviyo } from '../../packages/destinations/test/klaviyo/klaviyo.ts';
import { openReceiver, type Receiver } from '../../packages/destinations/test/webhook/receiver.ts';
import { type Harness, openHarness } from './harness.ts';

/** A partner's destination as plain JavaScript: data and one function, as defineDestination returns them. */
const PARTNER = `
export const notes = {
  slug: 'partner-notes', name: 'Notes', description: 'Keeps notes.', presets: [], maxMappings: 50,
  settings: { url: { type: 'string', label: 'Address', description: 'Where to send.', required: true } },
  actions: {
    add: {
      title: 'Add', description: 'Adds a note.',
      syncMode: { choices: [{ value: 'add', label: 'Add' }, { value: 'upsert', label: 'Upsert' }, { value: 'mirror', label: 'Mirror' }] },
      fields: { text: { type: 'string', label: 'Text', description: 'What it says.', required: true } },
      async send(items, { settings, request }) {
        const answer = await request({ method: 'POST', url: settings.url, json: items.map((one) => ({ ...one.payload, mode: one.syncMode })) });
        const status = answer.ok ? 'delivered' : 'rejected';
        return items.map(() => ({ status, code: 'destination_rejected', message: 'no' }));
      },
    },
  },
};
`;

describe('a server with destinations besides its own', () => {
  const received: { url: string; body: unknown }[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'waybill-partner-'));
  let http: HttpServer;
  let google: Google;
  let receiver: Receiver;
  let klaviyo: Klaviyo;
  let harness: Harness;
  beforeAll(async () => {
    google = await openGoogle();
    klaviyo = await openKlaviyo();
    receiver = await openReceiver(Buffer.from('webhook-secret-1'));
    http = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        received.push({ url: request.url ?? '', body: JSON.parse(text) });
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
    const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    const module = join(folder, 'notes.mjs');
    writeFileSync(module, PARTNER);
    harness = await openHarness({
      server: {
        destinations: [module, 'segment:actions-webhook'],
        allowedHosts: [host, ...[google, receiver, klaviyo].map(({ url }) => new URL(url).host)],
      },
      workspace: () => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          {
            id: 'notes',
            type: 'partner-notes',
            settings: { url: `http://${host}/notes` },
            mappings: [
              {
                id: 'n',
                action: 'add',
                trigger: 'type = "track"',
                mapping: { text: { '@path': '$.event' }, __segment_internal_sync_mode: 'upsert' },
              },
            ],
          },
          {
            id: 'hook',
            type: 'actions-webhook',
            settings: {},
            mappings: [
              {
                id: 'w',
                action: 'send',
                dialect: 'segment',
                trigger: 'type = "track"',
                mapping: {
                  url: `http://${host}/hook`,
                  method: 'POST',
                  data: { name: { '@path': '$.event' } },
                },
              },
            ],
          },
        ],
      }),
    });
  });
  afterAll(async () => {
    await harness.close();
    http.close();
    await google.close();
    await receiver.close();
    await klaviyo.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("delivers to a partner's and to a published one", async () => {
    await harness.track('track', { messageId: 'm', userId: 'u', event: 'Seen' });
    await harness.server.idle();
    expect((await harness.steps('m')).map(({ destination, status }) => [destination, status]).sort()).toEqual(
      [
        ['hook', 'delivered'],
        ['notes', 'delivered'],
      ],
    );
    expect(received).toEqual(
      expect.arrayContaining([
        { url: '/notes', body: [{ text: 'Seen', mode: 'upsert' }] },
        { url: '/hook', body: [{ name: 'Seen' }] },
      ]),
    );
  });

  it('records orders in Google Analytics with the ids of the shop, once it is configured over the admin API', async () => {
    const settings = { measurementId: 'G-TEST01', apiSecret: 'ga-secret-1', apiUrl: google.url };
    const body = { id: 'analytics', type: 'ga4', settings };
    expect((await harness.admin('destinations', { method: 'POST', body })).status).toBe(201);
    const tested = await harness.admin('destinations/analytics/test', { method: 'POST', body: {} });
    expect(tested.body).toMatchObject({ ok: true });
    const products = [{ product_id: 'p1', name: 'Tea', price: 4.5, quantity: 2 }];
    const properties = { order_id: 'AF-1', revenue: 9, total: 12.5, currency: 'EUR', products };
    const order = { messageId: 'order', userId: 'ada', anonymousId: 'browser', event: 'Order Completed' };
    await harness.track('track', { ...order, properties });
    await harness.server.idle();
    const [step] = (await harness.steps('order')).filter(({ destination }) => destination === 'analytics');
    expect(step).toMatchObject({ status: 'delivered' });
    expect(google.collected.filter(({ path }) => path === '/mp/collect')).toMatchObject([
      {
        query: { measurement_id: 'G-TEST01', api_secret: 'ga-secret-1' },
        body: {
          client_id: 'browser',
          user_id: 'ada',
          events: [
            {
              name: 'purchase',
              params: {
                transaction_id: 'AF-1',
                value: 9,
                currency: 'EUR',
                items: [{ item_id: 'p1', item_name: 'Tea', price: 4.5, quantity: 2 }],
              },
            },
          ],
        },
      },
    ]);
    const { body: shown } = await harness.admin('events/order');
    expect(JSON.stringify(shown)).not.toContain('ga-secret-1');
  });

  it('sends signed requests to a webhook, retries on request, and calls only allowed internal addresses', async () => {
    const secret = 'webhook-secret-1';
    const mappings = [
      {
        id: 'orders',
        action: 'send',
        trigger: 'event = "Order Paid"',
        mapping: {
          path: { '@template': 'orders/{{properties.id}}' },
          body: { user: { '@path': '$.userId' } },
        },
      },
    ];
    const hook = { id: 'receiver', type: 'webhook', settings: { url: receiver.url, secret }, mappings };
    expect((await harness.admin('destinations', { method: 'POST', body: hook })).status).toBe(201);
    const tested = await harness.admin('destinations/receiver/test', { method: 'POST', body: {} });
    expect(tested.body).toMatchObject({ ok: true });
    expect(JSON.parse(receiver.received.at(-1)!.body)).toEqual({ type: 'waybill.test' });
    const inside = { type: 'webhook', settings: { url: 'http://127.0.0.1:1/' } };
    const refused = await harness.admin('connection-test', { method: 'POST', body: inside });
    expect(refused.body).toMatchObject({ ok: false, issue: { code: 'destination_address_forbidden' } });
    receiver.answers.push(503);
    const paid = { messageId: 'paid', userId: 'ada', event: 'Order Paid', properties: { id: '7 b' } };
    await harness.track('track', paid);
    await harness.server.idle();
    await expect
      .poll(async () => (await harness.steps('paid')).filter(({ destination }) => destination === 'receiver'))
      .toMatchObject([{ status: 'delivered', attempts: 2 }]);
    const sent = receiver.received.filter(({ url }) => url === '/orders/7%20b');
    expect(sent).toMatchObject([{ isSigned: true }, { isSigned: true, body: '{"user":"ada"}' }]);
    expect(sent[0]!.headers['webhook-id']).toBe(sent[1]!.headers['webhook-id']);
    expect(JSON.stringify((await harness.admin('events/paid')).body)).not.toContain(secret);
    expect((await harness.admin('destinations/receiver')).body.settings.secret).toEqual({ $secret: true });
  });

  it('creates a list at Klaviyo when a mapping is published, adds people to it, and erases one', async () => {
    const settings = { apiKey: klaviyo.key, apiUrl: klaviyo.url };
    const body = { id: 'klaviyo', type: 'klaviyo', settings, mappings: [] };
    expect((await harness.admin('destinations', { method: 'POST', body })).status).toBe(201);
    const tested = await harness.admin('destinations/klaviyo/test', { method: 'POST', body: {} });
    expect(tested.body).toMatchObject({
      ok: true,
      message: 'Klaviyo accepts the key of the account "Kontor".',
    });
    for (let index = 0; index < 120; index += 1) klaviyo.account.addList(`List ${index}`);

    const asked = { action: 'addToList', field: 'listId' };
    const choices = (more: object) =>
      harness.admin('destinations/klaviyo/choices', { method: 'POST', body: { ...asked, ...more } });
    const first = (await choices({})).body;
    expect([first.choices.length, first.choices[0].label]).toEqual([100, 'List 0']);
    expect((await choices({ page: first.nextPage })).body.choices).toHaveLength(20);
    const hook = 'onMappingSave';
    const found = await choices({ hook, field: 'list', inputs: {}, query: 'list 119' });
    expect(found.body.choices).toMatchObject([{ label: 'List 119' }]);

    const at = 'destinations/klaviyo/mappings/friends';
    const draft = (inputs: object) => {
      const mapping = { email: { '@path': '$.properties.email' }, onMappingSave: { inputs } };
      const value = { id: 'friends', action: 'addToList', trigger: 'event = "Befriended"', mapping };
      return harness.admin(`${at}/draft`, { method: 'PUT', body: value });
    };
    const publish = () => harness.admin(`${at}/draft/publish`, { method: 'POST', body: {} });
    await draft({ name: 'Friends', list: 'L1' });
    expect((await publish()).body.error).toMatchObject({
      code: 'mapping_hook_failed',
      issues: [{ path: 'mapping.onMappingSave.inputs.name' }],
    });
    await draft({ name: 'Friends' });
    const published = (await publish()).body.mapping;
    const { id: listId } = klaviyo.account.lists.find(({ name }) => name === 'Friends')!;
    expect(published.onMappingSave).toMatchObject({
      outputs: { listId, listName: 'Friends' },
      ranWith: { name: 'Friends' },
      message: 'The list "Friends" was created.',
    });
    const { body: versions } = await harness.admin(`${at}/versions`);
    const { body: kept } = await harness.admin(`${at}/versions/${versions.at(-1).version}`);
    expect(kept.content.mapping.onMappingSave.outputs).toEqual({ listId, listName: 'Friends' });

    const email = 'friend@example.com';
    await harness.track('track', {
      messageId: 'friend',
      userId: 'f',
      event: 'Befriended',
      properties: { email },
    });
    await harness.server.idle();
    const [step] = (await harness.steps('friend')).filter(({ destination }) => destination === 'klaviyo');
    expect(step).toMatchObject({ status: 'delivered' });
    const [profile] = klaviyo.account.find({ email });
    expect([...klaviyo.account.members.get(listId)!]).toEqual([profile!.id]);
    expect(JSON.stringify((await harness.admin('events/friend')).body)).not.toContain(klaviyo.key);

    const person = { method: 'POST', body: { email, userId: 'f' } };
    expect((await harness.admin('deletions', person)).status).toBeLessThan(300);
    await expect.poll(() => klaviyo.account.erased).toEqual([email]);
    expect(klaviyo.strange).toEqual([]);
  });

  it('lists them with its own, with the selectable sync modes, and no others', async () => {
    const inMode = (mode: string) => ({
      method: 'PATCH',
      body: { mapping: { text: { '@path': '$.event' }, __segment_internal_sync_mode: mode } },
    });
    expect(await harness.admin('destinations/notes/mappings/n', inMode('update'))).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'mapping_value_invalid',
          message: expect.stringContaining('Known: add, upsert, mirror'),
        },
      },
    });
    const { body } = await harness.admin('definitions');
    const notes = body.find(({ slug }: { slug: string }) => slug === 'partner-notes');
    expect(notes.actions[0].syncMode.choices).toHaveLength(3);
    expect((await harness.admin('destinations/notes/mappings/n', inMode('mirror'))).status).toBe(200);
    await harness.track('track', { messageId: 'mirrored', userId: 'u', event: 'Mirrored' });
    await harness.server.idle();
    expect(received).toContainEqual({ url: '/notes', body: [{ text: 'Mirrored', mode: 'mirror' }] });
    expect(body.map(({ slug }: { slug: string }) => slug)).toEqual([
      'iterable',
      'klaviyo',
      'ga4',
      'webhook',
      'dummy',
      'partner-notes',
      'actions-webhook',
    ]);
  });

  it.each([
    ['a module that is not there', './nowhere.mjs', 'cannot be loaded'],
    ['a definition that is not published', 'segment:nowhere', 'nowhere'],
    ['a destination it has already', 'segment:actions-webhook,segment:actions-webhook', 'already'],
  ])('does not start with %s, with a reason', async (_name, names, message) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'waybill-no-'));
    const starting = startServer({ dataDir, port: 0, logLevel: 'silent', destinations: names.split(',') });
    await expect(starting).rejects.toThrow(message);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
