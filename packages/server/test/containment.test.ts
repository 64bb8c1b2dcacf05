import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  completeItems,
  createPipeline,
  type Destination,
  type HttpCall,
  type ReadyItem,
  resolveDestination,
  type SendContext,
} from '@waybill/core';
import { createEngine, createInstallation } from '@waybill/delivery';
import { connectsByNature } from '../src/containment/connections.ts';
import { describeModules } from '../src/containment/describe-modules.ts';
import { createModules, moduleEnv, type Modules } from '../src/containment/modules.ts';
import { CONTAINMENT } from '../src/containment/process.ts';

/** A destination that uses everything a definition may have. */
const EVERYTHING = `
const text = (label) => ({ type: 'string', label, description: label + '.' });
export const everything = {
  slug: 'everything', name: 'Everything', description: 'Has it all.', maxMappings: 3,
  presets: [{ slug: 'p', name: 'P', type: 'automatic', action: 'add', trigger: 'type = "track"', mapping: { list: 'a' } }],
  settings: { key: { type: 'password', label: 'Key', description: 'Key.' }, type: text('Type') },
  projectType: ({ type }) => { if (type === 'broken') throw new Error('no type'); return type; },
  rateLimits: ({ type }) => [{ path: '/' + type, amount: 7, seconds: 2, more: () => 1 }],
  readRateLimit: (response) => ({ resetMs: response.body.reset, limit: NaN }),
  async testConnection({ settings }) { return settings.type === 'userId' ? { ok: true } : { ok: 'perhaps' }; },
  async deleteUser(context, who) { return { status: 'delivered', note: 'gone: ' + who.userId, more: 1n }; },
  actions: {
    add: {
      title: 'Add', description: 'Adds.', defaultTrigger: 'type = "track"',
      fields: { list: text('List'), email: text('E-mail'), userId: text('User') },
      batch: { maxItems: 10, maxBytes: 1000, oneItemPerUser: true, groupBy: ({ list }) => list === 'bad' ? {} : 'list ' + list },
      delta: { fields: 'list' },
      identifiers: ({ email, userId }) => ({ email, userId }),
      dynamicFields: {
        list: async ({ request }, { query }) => {
          const { body } = await request({ url: 'https://example.com/lists', query: { q: query } });
          return { choices: body.map((value) => ({ label: value, value })) };
        },
      },
      async send(items, { settings, request, memory, now }) {
        const count = Number((await memory.get('count')) ?? 0) + items.length;
        await memory.set('count', String(count));
        globalThis.seen ??= settings;
        const answer = await request({ url: 'https://example.com/add', json: { items: items.length, key: settings.key } });
        return items.map(({ payload, identity }, at) => ({
          status: 'delivered',
          note: payload.list === 'look' ? JSON.stringify([items[at].event.messageId, items[at].key, payload.email]) : JSON.stringify({ list: payload.list, by: identity?.by, count, same: globalThis.seen === settings, answer: answer.body,
            env: [process.env.NAMED, process.env.SECRET], clock: typeof now() }),
          exchanges: [answer.exchange],
        }));
      },
    },
    declared: {
      title: 'Declared', description: 'Says where its identifiers are.', fields: { userId: text('User') },
      identifiers: Object.assign(() => ({ userId: 'asked' }), { members: { userId: 'userId' } }),
      async send(items, { request }) {
        await request({ url: 'https://example.com/declared', json: 'é'.repeat(10_000) });
        return items.map(({ identity }) => ({ status: 'delivered', note: JSON.stringify(identity) }));
      },
    },
  },
};
`;

describe('a destination in a separate process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-contained-'));
  const file = join(folder, 'everything.mjs');
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const input = {
    limits: CONTAINMENT,
    env: moduleEnv((name) => ({ NAMED: 'named', SECRET: 'secret' })[name], ['NAMED']),
    logger: silent,
    onChange: () => undefined,
  };
  const calls: HttpCall[] = [];
  const remembered = new Map<string, string | undefined>();
  let modules: Modules;
  let destination: Destination;
  let settings: unknown;
  let context: SendContext;

  beforeAll(async () => {
    writeFileSync(file, EVERYTHING);
    modules = createModules(await describeModules([file], input), input);
    destination = modules.destinations.find(({ slug }) => slug === 'everything')!;
    const config = { id: 'e', type: 'everything', settings: { key: 'k', type: 'userId' } };
    const resolved = resolveDestination(config, { destinations: modules.destinations, env: () => undefined });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
    settings = resolved.value.settings;
    // The second time it runs already.
    for (const lanes of [[resolved.value], [resolved.value]]) await modules.prime(lanes);
    context = {
      settings,
      now: Date.now,
      memory: {
        get: (key) => Promise.resolve(remembered.get(key)),
        set: (key, value) => Promise.resolve(void remembered.set(key, value)),
      },
      request: async (call) => {
        calls.push(call);
        const text = String(call.url).endsWith('lists') ? '["a","b"]' : '{"ok":true}';
        return { kind: 'response', ok: true, status: 200, headers: {}, text, body: undefined, exchange: 0 };
      },
    };
  });
  afterAll(async () => {
    await modules.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const item = (payload: object): ReadyItem => ({
    kind: 'ready',
    mappingId: 'm',
    rule: { action: 'add', maxItems: 10, maxBytes: 1_000, oneItemPerUser: true },
    user: 'u:u',
    bytes: 0,
    item: {
      key: 'k m',
      event: { type: 'track', messageId: 'k', timestamp: '', receivedAt: '' },
      payload,
      identity: undefined,
      attempt: 1,
    },
  });
  const completed = (payloads: readonly object[], using: unknown = settings) =>
    completeItems(payloads.map(item), { destination, settings: using, recall: undefined });

  it('is data as it was written', () => {
    const { projectType: _none, ...data } = destination;
    expect(data).toMatchObject({ slug: 'everything', maxMappings: 3, presets: [{ slug: 'p' }] });
    expect(destination.actions['add']).toMatchObject({
      title: 'Add',
      defaultTrigger: 'type = "track"',
      batch: { maxItems: 10, maxBytes: 1_000, oneItemPerUser: true },
      delta: { fields: 'list' },
    });
    expect(destination.rateLimits?.(settings)).toEqual([{ path: '/userId', amount: 7, seconds: 2 }]);
  });

  it('sends with the given HTTP client, memory and settings, and sees no other environment', async () => {
    const [ready] = await completed([{ list: 'a', userId: 'u' }]);
    if (!('ready' in ready!)) throw new Error('not ready');
    const twice = [ready.ready.item, ready.ready.item];
    await destination.actions['add']!.send(twice, context);
    const outcomes = await destination.actions['add']!.send(twice, context);
    expect(outcomes).toHaveLength(2);
    const [first] = outcomes;
    expect(first).toMatchObject({ status: 'delivered', exchanges: [0] });
    expect(JSON.parse((first as { note: string }).note)).toEqual({
      list: 'a',
      by: 'userId',
      count: 4,
      same: true,
      answer: { ok: true },
      env: ['named', null],
      clock: 'number',
    });
    expect(remembered.get('count')).toBe('4');
    expect(calls.at(-1)).toEqual({
      method: 'POST',
      url: 'https://example.com/add',
      headers: { 'content-type': 'application/json' },
      body: '{"items":2,"key":"k"}',
    });
  });

  it('is rehearsed in that process: whom an item is about, and its requests, of which none goes out', async () => {
    const stores = createInstallation().open({ writes: ['log', 'state'], now: Date.now });
    const engine = createEngine({ ...stores, now: Date.now, random: Math.random, logger: silent });
    const mapping = { list: 'a', userId: { '@path': '$.userId' }, email: { '@path': '$.traits.email' } };
    const config = { id: 'e', type: 'everything', settings: { key: 'very-secret', type: 'userId' } };
    const resolved = resolveDestination(
      { ...config, mappings: [{ id: 'm', action: 'add', mapping }] },
      { destinations: modules.destinations, env: () => undefined },
    );
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
    const rehearsal = await engine.rehearse(resolved.value);
    const at = { timestamp: '', receivedAt: '' };
    const logged = [{ userId: 'u' }, { anonymousId: 'a', traits: { email: 'u@example.com' } }].map(
      (who, seq) => ({
        seq,
        sourceId: '',
        event: { type: 'track' as const, messageId: `k${seq}`, ...at, ...who },
      }),
    );
    const [known, unknown] = (await rehearsal.prepare(logged)).map(({ items }) => items[0]!);
    if (known?.kind !== 'ready') throw new Error('It is ready.');
    expect(known.item.identity).toMatchObject({ by: 'userId', userId: 'u' });
    expect(unknown).toMatchObject({ kind: 'ended', outcome: { code: 'identity_missing' } });
    const { exchanges } = await rehearsal.requests(logged[0]!, known);
    expect(exchanges.map(({ request }) => request)).toMatchObject([
      { method: 'POST', url: 'https://example.com/add', body: '{"items":1,"key":"[secret]"}' },
    ]);
    await engine.stop();
    await stores.close();
  });

  it('returns identifiers and batch keys of payloads; an invalid one fails that item', async () => {
    expect(
      await completed([{ list: 'a', userId: 'u' }, { list: 'bad', userId: 'u' }, { email: 'a@example.com' }]),
    ).toEqual([
      {
        ready: expect.objectContaining({
          group: 'list a',
          item: expect.objectContaining({ identity: expect.objectContaining({ userId: 'u' }) }),
        }),
      },
      { outcome: expect.objectContaining({ status: 'rejected', code: 'action_value_invalid' }) },
      { outcome: expect.objectContaining({ status: 'rejected', code: 'identity_missing' }) },
    ]);
    const apart = { ...item({ list: 'a', userId: 'u' }), group: 'upsert ' };
    expect(await completeItems([apart], { destination, settings, recall: undefined })).toMatchObject([
      { ready: { group: 'upsert list a' } },
    ]);
    expect(await completed([{ list: 'a' }], { type: 'broken' })).toEqual([
      { outcome: expect.objectContaining({ status: 'retry', code: 'destination_bug', message: 'no type' }) },
    ]);
  });

  it('is not asked for identifiers at declared paths, once its project type is known', async () => {
    const mappings = [
      {
        id: 'm',
        action: 'declared',
        trigger: 'type = "track"',
        mapping: { userId: { '@path': '$.userId' } },
      },
    ];
    const config = { id: 'e', type: 'everything', settings: { key: 'k', type: 'userId' }, mappings };
    const found = resolveDestination(config, { destinations: modules.destinations, env: () => undefined });
    if (!found.ok) throw new Error(JSON.stringify(found.issues));
    const event = { type: 'track', messageId: 'k', userId: 'u', timestamp: '', receivedAt: '' } as const;
    const sent = async (): Promise<readonly unknown[]> => {
      const { settings: using } = found.value;
      const pipeline = createPipeline({ destination, settings: using, mappings: found.value.mappings });
      const prepared = pipeline.prepare(event).items as readonly ReadyItem[];
      const [ready] = await completeItems(prepared, { destination, settings: using, recall: undefined });
      if (!('ready' in ready!)) throw new Error('not ready');
      const [outcome] = await pipeline.send([ready.ready], { ...context, settings: using });
      return [prepared[0]!.item.identity?.userId, JSON.parse((outcome as { note: string }).note)];
    };
    expect(await sent()).toEqual([undefined, { by: 'userId', userId: 'asked', notes: [] }]);
    await modules.prime([found.value]);
    expect(await sent()).toEqual(['u', { by: 'userId', userId: 'u', notes: [] }]);
    // Long JSON crosses as bytes.
    const { body, headers } = calls.at(-1)!;
    expect(headers).toEqual({ 'content-type': 'application/json' });
    expect(Buffer.from(body as Uint8Array).toString()).toBe(JSON.stringify('é'.repeat(10_000)));
  });

  it('sends payloads once, and events on demand, whether there was an earlier question about them or not', async () => {
    const { add } = destination.actions;
    const event = (at: number) =>
      ({ type: 'track', messageId: `e${at}`, timestamp: '', receivedAt: '' }) as const;
    const send = async (list: string): Promise<() => Promise<unknown>> => {
      const payloads = [0, 1].map((at) => ({ list, userId: 'u', email: `${at}@example.com` }));
      const ready = (await completed(payloads)).flatMap((one) => ('ready' in one ? [one.ready.item] : []));
      const items = ready.map((one, at) => ({ ...one, key: `e${at} m`, event: event(at) }));
      return async () =>
        (await add!.send(items, context)).map((one) => JSON.parse((one as { note: string }).note) as unknown);
    };
    const looked = [0, 1].map((at) => [`e${at}`, `e${at} m`, `${at}@example.com`]);
    const first = await send('look');
    // These events have not been read, so later ones are not sent along; and there are more questions than the limit.
    for (let calls = 0; calls < 20; calls += 1) await (await send('a'))();
    for (let asked = 0; asked < 20; asked += 1) await completed([{ list: 'a', userId: 'u' }]);
    expect(await first()).toEqual(looked);
    expect(await (await send('look'))()).toEqual(looked);
  });

  it('answers questions besides sending, and reports invalid answers', async () => {
    expect(
      await destination.actions['add']!.dynamicFields!['list']!(context, { payload: {}, query: 'x' }),
    ).toEqual({
      choices: [
        { label: 'a', value: 'a' },
        { label: 'b', value: 'b' },
      ],
    });
    expect(calls.at(-1)).toMatchObject({ method: 'GET', query: { q: 'x' } });
    expect(await destination.testConnection!(context)).toEqual({ ok: true });
    expect(await destination.testConnection!({ ...context, settings: { type: 'email' } })).toMatchObject({
      ok: false,
      issue: { code: 'action_value_invalid' },
    });
    expect(await destination.deleteUser!(context, { userId: 'u' })).toEqual({
      status: 'delivered',
      note: 'gone: u',
    });
    const limited = {
      kind: 'response',
      ok: false,
      status: 429,
      headers: {},
      text: '',
      body: { reset: 9 },
      exchange: 0,
    } as const;
    expect(await destination.readRateLimit!(limited)).toEqual({ resetMs: 9 });
  });

  it.each([
    ['throws', 'throw new Error("not today");', 'not today', 60_000],
    ['exits', 'process.exit(0);', 'exited with code 0', 60_000],
    ['never ends', 'for (;;);', 'did not load within 3 s', 3_000],
  ])('whose module %s while it is loaded is refused, with a reason', async (_name, code, message, load) => {
    const bad = join(folder, `${_name.replaceAll(' ', '-')}.mjs`);
    writeFileSync(bad, code);
    await expect(describeModules([bad], { ...input, limits: { ...CONTAINMENT, load } })).rejects.toThrow(
      message,
    );
  });

  it('opens its own connections only when its module is named, or is published as one that needs them', async () => {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const module = join(folder, 'connects.mjs');
    const connecting = `connect(${port}, '127.0.0.1', done).on('error', failed)`;
    writeFileSync(
      module,
      `import { connect } from 'node:net';
       await new Promise((done, failed) => { ${connecting}; });
       export const sources = []; ${EVERYTHING}`,
    );
    await expect(describeModules([module], input)).rejects.toThrow('WAYBILL_DESTINATION_CONNECTIONS');
    const limits = { ...CONTAINMENT, connecting: [module] };
    expect((await describeModules([module], { ...input, limits }))[0]!.destinations).toHaveLength(1);
    http.close();
    const published = ['segment:actions-kafka', 'segment:actions-webhook', 'kafka', module];
    expect(published.map(connectsByNature)).toEqual([true, false, false, false]);
  });
});
