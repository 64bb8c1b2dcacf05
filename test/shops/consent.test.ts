import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createShopSandbox, type Platform, type ShopSandbox } from '@waybill/shop-sandboxes';
import { type Connected, connect } from './connected.ts';

const SECRET = 'a-consent-secret';
const EMAIL = 'fay@example.com';

let one: Connected;
/** Those that were opened. */
const opened: Connected[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(platform: Platform, settings: object = {}): Promise<void> {
  const told = { writeConsent: true, consentSecret: SECRET };
  one = await connect({ platform, settings: { ...told, ...settings } });
  opened.push(one);
  const { model } = one.shop;
  const storeId = model.tables.store.all()[0]!.id;
  model.customers.create({ storeId, email: EMAIL, firstName: 'Fay', lastName: 'Faber' });
  says('subscribed');
  await settled();
}
/** Changes the consent of the person in the shop: in the first of its stores, and for e-mail, unless another is named. */
function says(
  state: 'subscribed' | 'unsubscribed',
  { channel = 'email', store = 0 }: { readonly channel?: 'email' | 'sms'; readonly store?: number } = {},
): void {
  const { tables, customers } = one.shop.model;
  const storeId = tables.store.all()[store]!.id;
  const phone = channel === 'sms' ? { phone: '+491701234567' } : {};
  customers.say({ storeId, email: EMAIL, channel, state, origin: 'footer', ...phone });
}
async function settled(): Promise<void> {
  await one.shop.settled();
  await one.read();
  await one.shop.settled();
  await one.harness.server.idle();
}
/** Iterable sends events. */
async function heard(
  events: readonly object[],
  secret = SECRET,
  lost = false,
): Promise<{ readonly status: number }> {
  const { server, sandbox } = one.harness;
  const answer = await fetch(`${sandbox.url}/_sandbox/webhooks`, {
    method: 'POST',
    body: JSON.stringify({
      url: `${server.url}/sources/shop/consent`,
      headers: { authorization: `Bearer ${secret}` },
      events,
      lost,
    }),
  });
  await server.idle();
  return (await answer.json()) as { status: number };
}
const no = (dataFields: object = {}): object => ({
  eventName: 'emailUnSubscribe',
  email: EMAIL,
  dataFields: { unsubSource: 'EmailLink', channelIds: [1], ...dataFields },
});
const yes = (dataFields: object = {}): object => ({
  eventName: 'emailSubscribe',
  email: EMAIL,
  dataFields: { signupSource: 'WebApp', channelIds: [1], ...dataFields },
});
/** A time from now, as Iterable writes it. */
const at = (seconds: number): { readonly createdAt: string } => ({
  createdAt: `${new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')} +00:00`,
});
/** What the shop has of the person, in each of its stores. */
const statesInShop = (about = 'email'): readonly string[] =>
  one.shop.model.tables.consent
    .all()
    .flatMap(({ email, channel, state }) => (email === EMAIL && channel === about ? [state] : []));
const stateInShop = (about?: string): string | undefined => statesInShop(about)[0];
/** The events about the person in the log. */
async function events(about = 'Email '): Promise<readonly string[]> {
  const { body } = await one.harness.admin('events?limit=1000');
  return (body.events as { event: { event?: string } }[])
    .map(({ event }) => event.event ?? '')
    .filter((name) => name.startsWith(about))
    .reverse();
}

/** Where the shop has no time, an earlier choice in Iterable may have been made at any time. */
const BEGIN: Partial<Record<Platform, number>> = { magento2: -100 };

describe.each<Platform>(['bigcommerce', 'magento2'])('consent at %s', (platform) => {
  it('from Iterable goes to the shop, and does not come back', async () => {
    await open(platform);
    const begin = BEGIN[platform] ?? 5;
    expect(await events()).toEqual(['Email Subscribed']);
    expect(await heard([no(at(begin))], 'guessed')).toMatchObject({ status: 401 });
    expect(stateInShop()).toBe('subscribed');
    expect(await heard([no(at(begin))])).toMatchObject({ status: 200 });
    expect(stateInShop()).toBe('unsubscribed');
    await settled();
    await heard([no(at(begin)), yes(at(begin + 5)), { eventName: 'emailOpen', email: EMAIL }]);
    expect(stateInShop()).toBe('subscribed');
    await settled();
    expect(await events()).toEqual(['Email Subscribed']);
    const told = (await one.harness.admin('refusals?sourceId=shop')).body as readonly object[];
    expect(told).toMatchObject([
      { path: 'consent', issues: [{ code: 'event_invalid' }] },
      { path: 'consent', issues: [{ code: 'source_signature_invalid' }] },
    ]);
    // What the person then does in the shop is news.
    one.shop.model.clock.advance(60_000);
    says('unsubscribed');
    await settled();
    expect(await events()).toEqual(['Email Subscribed', 'Email Unsubscribed']);
    await heard([yes(at(120)), no({ ...at(110), unsubSource: 'Complaint' })]);
    expect(stateInShop()).toBe('subscribed');
    await heard([no({ ...at(130), unsubSource: 'Complaint' })]);
    expect(stateInShop()).toBe('unsubscribed');
    await settled();
    expect((await events()).length).toBe(2);
  });
});

describe.each<Platform>(['commercetools', 'ultracart'])('consent at %s', (platform) => {
  it('goes to the shop, with the permissions of that platform', async () => {
    await open(platform, platform === 'ultracart' ? { newsletterList: 'newsletter' } : {});
    const before = await events();
    expect(before).toEqual(['Email Subscribed']);
    await heard([no(at(5))]);
    expect(stateInShop()).toBe('unsubscribed');
    await settled();
    await heard([yes(at(10)), no({ ...at(12), unsubSource: 'HardBounce' })]);
    expect(stateInShop()).toBe('subscribed');
    await settled();
    expect(await events()).toEqual(before);
    expect((await one.harness.admin('sources/shop/set-aside')).body).toEqual([]);
  });
});

describe('STOP by text message', () => {
  const stop = (seconds: number): object => ({
    eventName: 'emailUnSubscribe',
    email: EMAIL,
    dataFields: { unsubSource: 'SMS', ...at(seconds) },
  });

  it('ends text messages at commercetools, and nothing else, for any later data of the shop', async () => {
    await open('commercetools');
    says('subscribed', { channel: 'sms' });
    await settled();
    expect(await events('SMS ')).toEqual(['SMS Subscribed']);
    expect(await heard([stop(5)])).toMatchObject({ status: 200 });
    expect([stateInShop('sms'), stateInShop()]).toEqual(['unsubscribed', 'subscribed']);
    await settled();
    one.shop.model.clock.advance(60_000);
    says('subscribed', { channel: 'sms' });
    await settled();
    expect(await events('SMS ')).toEqual(['SMS Subscribed']);
    expect(await events()).toEqual(['Email Subscribed']);
  });

  it('is accepted where the shop cannot be updated, as at UltraCart', async () => {
    await open('ultracart', { newsletterList: 'newsletter' });
    expect(await heard([stop(5)])).toMatchObject({ status: 200 });
    await settled();
    expect((await one.harness.admin('sources/shop/set-aside')).body).toEqual([]);
    expect(stateInShop()).toBe('subscribed');
  });
});

describe('an address in two stores', () => {
  it.each<Platform>(['bigcommerce', 'commercetools', 'magento2'])(
    'has one consent, which each of them receives: %s',
    async (platform) => {
      await open(platform);
      const { model } = one.shop;
      const storeId = model.tables.store.all()[1]!.id;
      model.customers.create({ storeId, email: EMAIL, firstName: 'Fay', lastName: 'Faber' });
      says('subscribed', { store: 1 });
      await settled();
      expect(statesInShop()).toEqual(['subscribed', 'subscribed']);
      const before = await events();
      await heard([no({ createdAt: Date.now() })]);
      expect(statesInShop()).toEqual(['unsubscribed', 'unsubscribed']);
      await settled();
      expect(await events()).toEqual(before);
      model.clock.advance(60_000);
      says('subscribed', { store: 1 });
      await settled();
      expect(statesInShop()).toEqual(['unsubscribed', 'subscribed']);
      expect((await events()).slice(before.length)).toEqual(['Email Subscribed']);
      await heard([no(at(120))]);
      expect(statesInShop()).toEqual(['unsubscribed', 'unsubscribed']);
    },
  );
});

describe('a lost webhook of Iterable', () => {
  it('is recovered from the exports of Iterable', async () => {
    await open('magento2', { consentDestination: 'iterable' });
    await heard([no(at(-3_600))], SECRET, true);
    expect(stateInShop()).toBe('subscribed');
    await settled();
    expect(stateInShop()).toBe('unsubscribed');
    expect(await events()).toEqual(['Email Subscribed']);
  });

  /** How the consent in Iterable is read. */
  const exported = async (): Promise<object> =>
    ((await one.harness.admin('sources/shop/streams')).body as { stream: string }[]).find(
      ({ stream }) => stream === 'consent in Iterable',
    )!;

  it('reports reason, time and remedy, while the exports cannot be read', async () => {
    await open('magento2', { consentDestination: 'iterable' });
    expect(await exported()).toEqual({
      source: 'shop',
      stream: 'consent in Iterable',
      mode: 'export',
      read: 0,
      ended: false,
      waiting: 0,
      setAside: 0,
    });
    const fail = (faults: readonly object[]): Promise<Response> =>
      fetch(`${one.harness.sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
    await fail([{ match: { path: '/api/export/*' }, kind: 'status', status: 401 }]);
    const before = Date.now();
    await settled();
    const { failure } = (await exported()) as { failure: { at: number } };
    expect(failure).toMatchObject({
      code: 'destination_unauthorized',
      message: expect.stringMatching(/./),
      remedy: expect.stringMatching(/./),
    });
    expect(failure.at).toBeGreaterThanOrEqual(before);
    // The shop itself is read meanwhile.
    one.shop.model.clock.advance(60_000);
    says('unsubscribed');
    await settled();
    expect(await events()).toEqual(['Email Subscribed', 'Email Unsubscribed']);
    await fail([]);
    await heard([yes(at(30))], SECRET, true);
    await settled();
    expect(await exported()).toMatchObject({ read: expect.any(Number) });
    expect(await exported()).not.toHaveProperty('failure');
  });

  it('is not recovered by a missing destination, which is reported', async () => {
    await open('magento2', { consentDestination: 'iterible' });
    expect(await exported()).toMatchObject({
      failure: {
        code: 'workspace_invalid_settings',
        message: expect.stringContaining('"iterible"'),
        remedy: expect.stringMatching(/./),
      },
    });
  });
});

describe('a server that is killed after an answer to Iterable', () => {
  let child: ChildProcess | undefined;
  let shop: ShopSandbox | undefined;
  let folder: string | undefined;
  afterEach(async () => {
    child?.kill('SIGKILL');
    await shop?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  const told = <T>(from: ChildProcess): Promise<T> =>
    new Promise((resolve, reject) => {
      from.once('message', (message) => resolve(message as T));
      from.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  const start = async (settings: object): Promise<string> => {
    const workspace = {
      sources: [{ id: 'shop', type: 'bigcommerce', settings }],
      destinations: [{ id: 'out', type: 'dummy', settings: {} }],
    };
    child = fork(
      join(import.meta.dirname, '../e2e/serve.ts'),
      [folder!, shop!.url, JSON.stringify(workspace)],
      {
        execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    return (await told<{ url: string }>(child)).url;
  };

  it('still updates the shop', async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-consent-'));
    shop = await createShopSandbox({ platform: 'bigcommerce', limits: false });
    const { tables, customers } = shop.model;
    const storeId = tables.store.all()[0]!.id;
    const said = { channel: 'email', state: 'subscribed', origin: 'footer' } as const;
    const emails = Array.from({ length: 8 }, (_, at) => `person-${at}@example.com`);
    for (const email of emails) customers.say({ ...said, storeId, email });
    shop.fail({ calls: [{ match: { method: 'PUT' }, kind: 'status', status: 503 }] });
    const settings = { ...shop.settings, writeConsent: true, consentSecret: SECRET };
    const url = await start(settings);
    const answer = await fetch(`${url}/sources/shop/consent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}` },
      body: JSON.stringify(
        emails.map((email) => ({ eventName: 'emailUnSubscribe', email, dataFields: at(5) })),
      ),
    });
    expect(answer.status).toBe(200);
    const ended = new Promise((resolve) => child!.removeAllListeners('exit').once('exit', resolve));
    child!.kill('SIGKILL');
    await ended;
    const states = () => shop!.model.tables.consent.all().map(({ state }) => state);
    expect(new Set(states())).toEqual(new Set(['subscribed']));
    shop.fail({});
    await start(settings);
    const idle = told(child!);
    child!.send('idle');
    await idle;
    expect(new Set(states())).toEqual(new Set(['unsubscribed']));
  }, 60_000);
});
