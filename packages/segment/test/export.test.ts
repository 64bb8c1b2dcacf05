import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPipeline,
  defineAction,
  defineDestination,
  defineFields,
  defineHook,
  type Event,
  type HttpCall,
  planCalls,
  type ReadyItem,
  rejected,
  resolveDestination,
} from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { ExportError, exportDestination, type UpstreamDefinition } from '@waybill/segment';
import { scripted } from './stage.ts';

const require = createRequire(import.meta.url);
const file = require.resolve('@segment/actions-core');

interface Runner {
  onEvent(event: object, settings: object): Promise<readonly unknown[]>;
  onBatch(
    events: readonly object[],
    settings: object,
  ): Promise<readonly { multistatus: readonly object[] }[]>;
  testAuthentication(settings: object): Promise<void>;
  onDelete?(event: object, settings: object): Promise<unknown>;
}

interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

const { Destination, Response } = require(file) as {
  Destination: new (definition: UpstreamDefinition) => Runner;
  Response: new (text: string, init: object) => unknown;
};
const fetchModule = require(join(dirname(file), 'fetch.js')) as { default: unknown };

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly key: string | null | undefined;
  readonly body: unknown;
}

let sent: Sent[] = [];
let answer: (body: unknown) => { readonly status: number; readonly body: unknown };
const original = fetchModule.default;

beforeEach(() => {
  sent = [];
  answer = taken;
  fetchModule.default = async (request: WireRequest) => {
    const body = JSON.parse((await request.text()) || 'null') as unknown;
    sent.push({ method: request.method, url: request.url, key: request.headers.get('api-key'), body });
    const said = answer(body);
    const headers = { 'content-type': 'application/json' };
    return new Response(JSON.stringify(said.body), { status: said.status, headers });
  };
});

afterEach(() => {
  fetchModule.default = original;
});

/** Iterable's answer when it accepts everything. */
function taken(body: unknown): { readonly status: number; readonly body: unknown } {
  const { events, users } = (body ?? {}) as { readonly events?: unknown[]; readonly users?: unknown[] };
  const successCount = (events ?? users)?.length ?? 1;
  return { status: 200, body: { msg: '', code: 'Success', successCount, failCount: 0 } };
}

const settings = { apiKey: 'key-1', dataCenterLocation: 'united_states', projectType: 'hybrid' };

const EVENTS: readonly Event[] = [
  { type: 'identify', userId: 'u-1', traits: { email: 'ada@example.com', plan: 'pro', born: '1990-12-31' } },
  { type: 'identify', userId: 'u-2', traits: { email: 'not an address' } },
  { type: 'track', event: 'Tea Drunk', userId: 'u-1', properties: { cups: 2, at: '2026-03-01' } },
  { type: 'track', event: 'Tea Drunk', userId: 'u-2', properties: {} },
  { type: 'track', event: 'Tea Spilled', properties: { cups: 1 } },
  {
    type: 'track',
    event: 'Order Completed',
    userId: 'u-1',
    properties: {
      order_id: 'o-1',
      total: 9,
      products: [{ product_id: 'p', name: 'Tea', price: 9, quantity: 1 }],
    },
  },
  {
    type: 'track',
    event: 'Cart Updated',
    userId: 'u-2',
    properties: { products: [{ product_id: 'p', name: 'Tea', price: 9, quantity: 2 }] },
  },
].map(
  (event, index) =>
    ({
      messageId: `m-${index}`,
      timestamp: '2026-03-01T10:00:00.000Z',
      receivedAt: '2026-03-01T10:00:01.000Z',
      context: {},
      integrations: {},
      ...event,
    }) as Event,
);

function comparable({ method, url, headers, json }: HttpCall): Sent {
  const key = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'api-key')?.[1];
  return { method: method ?? 'GET', url, key, body: JSON.parse(JSON.stringify(json ?? null)) as unknown };
}

/** The requests of Waybill's own Iterable for one preset. */
async function native(preset: string, events: readonly Event[], batching: boolean): Promise<readonly Sent[]> {
  const mapping = { enable_batching: batching };
  const resolved = resolveDestination(
    { id: 'home', type: 'iterable', settings, mappings: [{ id: 'm', preset, mapping }] },
    { destinations: [iterable], env: () => undefined },
  );
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
  const pipeline = createPipeline(resolved.value);
  const { request, calls } = scripted((call) => taken(call.json));
  const ready = events
    .flatMap((event) => [...pipeline.prepare(event).items])
    .filter((one) => one.kind === 'ready');
  for (const call of planCalls(ready as ReadyItem[]).flat()) {
    await pipeline.send(call.items, { settings: resolved.value.settings, request, now: Date.now });
  }
  return calls.map(comparable);
}

/** A destination with modes: a record that is deleted needs no name. */
function records(onSend: (items: readonly string[]) => void) {
  const unless = { conditions: [{ type: 'syncMode', operator: 'is_not', value: 'delete' }] } as const;
  const choices = [
    { value: 'upsert', label: 'Keep' },
    { value: 'delete', label: 'Delete' },
  ] as const;
  return defineDestination({
    slug: 'records',
    name: 'Records',
    description: 'Keeps records.',
    settings: defineFields({}),
    actions: {
      keep: defineAction({
        title: 'Keep',
        description: 'Keeps a record.',
        defaultTrigger: 'type = "track"',
        syncMode: { default: 'upsert', choices },
        fields: defineFields({
          id: { type: 'string', label: 'Id', description: 'Which.', required: true },
          name: { type: 'string', label: 'Name', description: 'What.', required: unless },
        }),
        batch: { maxItems: 10, maxBytes: 10_000 },
        send(items) {
          onSend(items.map(({ syncMode, payload }) => `${payload.id} ${syncMode ?? 'none'}`));
          return Promise.resolve(items.map(() => ({ status: 'delivered' })));
        },
      }),
    },
  });
}

describe('our Iterable in the runtime of Segment', () => {
  const definition = exportDestination(iterable);
  const automatic = iterable.presets.flatMap((preset) => (preset.type === 'automatic' ? [preset] : []));

  it.each(automatic.flatMap(({ slug }) => [[slug, true] as const, [slug, false] as const]))(
    'sends the same requests as here: %s, in batches: %s',
    async (slug, batching) => {
      const preset = automatic.find((one) => one.slug === slug)!;
      const mapping = { ...preset.mapping, enable_batching: batching };
      const subscription = { subscribe: preset.trigger, partnerAction: preset.action, mapping };
      const runner = new Destination(definition);
      const action = definition.actions[preset.action]!;
      if (batching && action.performBatch !== undefined) {
        await runner.onBatch(EVENTS, { ...settings, subscription });
      } else {
        for (const event of EVENTS) {
          await runner.onEvent(event, { ...settings, subscription }).catch(() => undefined);
        }
      }
      const home = await native(slug, EVENTS, batching);
      expect(home.length).toBeGreaterThan(0);
      expect(sent).toEqual(home);
    },
  );

  it('has presets, fields and settings of the same shape', () => {
    expect(definition.presets).toHaveLength(iterable.presets.length);
    expect(definition.authentication?.fields?.['apiKey']).toMatchObject({ type: 'password', required: true });
    expect(definition.actions['trackEvent']?.fields['eventName']).toMatchObject({ type: 'string' });
  });

  it('answers for every item of a batch', async () => {
    answer = () => ({
      status: 200,
      body: { code: 'Success', successCount: 1, failCount: 1, disallowedEventNames: ['Tea Spilled'] },
    });
    const preset = automatic.find(({ slug }) => slug === 'track-calls')!;
    const subscription = { subscribe: preset.trigger, partnerAction: preset.action, mapping: preset.mapping };
    const [result] = await new Destination(definition).onBatch(
      EVENTS.slice(3, 5).map((event) => ({ ...event, userId: 'u-9' })),
      { ...settings, subscription },
    );
    expect(result?.multistatus).toMatchObject([{ status: 200 }, { status: 400 }]);
  });

  it('throws errors that the runtime knows: retryable or not', async () => {
    const preset = automatic.find(({ slug }) => slug === 'identify-calls')!;
    const mapping = { ...preset.mapping, enable_batching: false };
    const given = {
      ...settings,
      subscription: { subscribe: preset.trigger, partnerAction: preset.action, mapping },
    };
    const runner = new Destination(definition);
    answer = () => ({ status: 500, body: {} });
    await expect(runner.onEvent(EVENTS[0]!, given)).rejects.toMatchObject({
      code: 'RETRYABLE_ERROR',
      status: 503,
    });
    answer = () => ({ status: 401, body: { code: 'BadApiKey' } });
    await expect(runner.onEvent(EVENTS[0]!, given)).rejects.toMatchObject({ status: 401 });
  });

  it('tests its settings', async () => {
    answer = () => ({ status: 401, body: { code: 'BadApiKey', msg: 'no' } });
    await expect(new Destination(definition).testAuthentication(settings)).rejects.toThrow(/refuses the key/);
  });

  it('deletes users, and reports why not', async () => {
    const runner = new Destination(definition);
    const user = { userId: 'ada' };
    const given = { ...settings, projectType: 'userId', deletionRequests: 'delete' };
    await runner.onDelete?.(user, given);
    expect(sent.at(-1)).toMatchObject({ method: 'DELETE', key: 'key-1' });
    expect(sent.at(-1)?.url).toMatch(/\/api\/users\/byUserId\/ada$/);
    answer = () => ({ status: 401, body: { code: 'BadApiKey', msg: 'no' } });
    await expect(runner.onDelete?.(user, given)).rejects.toThrow(/BadApiKey/);
  });
});

describe('exporting', () => {
  it('keeps hooks and choices, and items have the outputs of hooks', async () => {
    const items: unknown[] = [];
    const action = defineAction({
      title: 'Add',
      description: 'Adds.',
      fields: { name: { type: 'string', label: 'Name', description: 'A name.' } },
      dynamicFields: {
        'name.__keys__': async (_context, { query = '' }) => ({ choices: [{ label: query, value: 1 }] }),
      },
      hooks: {
        onMappingSave: defineHook({
          label: 'Make',
          description: 'Makes a list.',
          fields: { title: { type: 'string', label: 'Title', description: 'A title.', required: true } },
          outputs: { id: { type: 'string', label: 'ID', description: 'Its ID.' } },
          run: async (_context, { inputs: { title } }) =>
            title === 'no'
              ? { error: { code: 'destination_rejected', path: '', message: 'No room.' } }
              : { outputs: { id: `list of ${title}` }, message: 'Made.' },
        }),
      },
      send: async (given) => {
        items.push(...given.map(({ hookOutputs }) => hookOutputs));
        return given.map(() => ({ status: 'delivered' }));
      },
    });
    const destination = defineDestination({
      slug: 'lists',
      name: 'Lists',
      description: 'Lists.',
      settings: {},
      actions: { add: action },
    });
    const runner = new Destination(exportDestination(destination)) as Runner & {
      executeDynamicField(action: string, field: string, data: object): Promise<unknown>;
      readonly actions: Record<string, { executeHook(name: string, data: object): Promise<unknown> }>;
    };
    const { actions } = runner;
    const run = (title: string) =>
      actions['add']!.executeHook('onMappingSave', { settings: {}, payload: {}, hookInputs: { title } });
    expect(await run('a')).toEqual({ savedData: { id: 'list of a' }, successMessage: 'Made.' });
    expect(await run('no')).toMatchObject({ error: { message: 'No room.' } });
    const data = { settings: {}, payload: {}, dynamicFieldContext: { query: 'x' } };
    expect(await runner.executeDynamicField('add', 'name.__keys__', data)).toMatchObject({
      choices: [{ value: 1 }],
    });
    const mapping = { name: 'n', onMappingSave: { inputs: { title: 'a' }, outputs: { id: 'list of a' } } };
    const subscription = { subscribe: 'type = "track"', partnerAction: 'add', mapping };
    await runner.onEvent({ type: 'track', event: 'E', messageId: 'm' }, { subscription });
    expect(items).toEqual([{ onMappingSave: { id: 'list of a' } }]);
  });

  it('keeps audiences, with their settings', async () => {
    const listed = defineDestination({
      slug: 'lists',
      name: 'Lists',
      description: 'Lists.',
      settings: {},
      actions: records(() => undefined).actions,
      audienceMode: { type: 'synced', fullSync: true },
      audiences: {
        fields: { size: { type: 'integer', label: 'Size', description: 'Its size.', required: true } },
        create: async ({ settings: own }, { id, key, settings: { size }, personas }) => ({
          externalId: [id, key, size, personas['space_id'], JSON.stringify(own)].join(' '),
        }),
        get: async (_context, _audience, externalId) =>
          externalId === 'gone' ? { outcome: rejected('destination_not_found') } : { externalId },
      },
    });
    const exported = exportDestination(listed);
    expect(exported.audienceFields).toMatchObject({ size: { type: 'number', required: true } });
    expect(exported.audienceConfig?.mode).toEqual({ type: 'synced', full_audience_sync: true });
    const { audiences: _none, ...told } = { ...listed, audienceMode: { type: 'realtime' } as const };
    expect(exportDestination(told)).toMatchObject({
      audienceFields: {},
      audienceConfig: { mode: { type: 'realtime' } },
    });
    const runner = new Destination(exported) as Runner &
      Record<'createAudience' | 'getAudience', (input: object) => Promise<unknown>>;
    const personas = { computation_id: 'aud_1', computation_key: 'vip', namespace: 'n', space_id: 's' };
    const of = { settings: { a: 1 }, audienceSettings: { size: 2 }, audienceName: 'VIP', personas };
    expect(await runner.createAudience(of)).toEqual({ externalId: 'aud_1 VIP 2 s {"a":1}' });
    expect(await runner.getAudience({ settings: {}, externalId: 'x' })).toEqual({ externalId: 'x' });
    await expect(runner.getAudience({ settings: {}, externalId: 'gone' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('keeps sync modes, and each item has its own', async () => {
    const modes: unknown[] = [];
    const destination = records((items) => modes.push(items));
    const mapping = { id: { '@path': '$.messageId' }, name: { '@path': '$.event' } };
    const inMode = (mode: string, more: object = {}): Record<string, unknown> => ({
      ...mapping,
      ...more,
      __segment_internal_sync_mode: mode,
    });
    const event = { ...EVENTS[3]!, type: 'track', event: 'Seen', messageId: 'a' } as Event;
    const definition = exportDestination(destination);
    const run = (map: object) => {
      const subscription = { partnerAction: 'keep', subscribe: 'type = "track"', mapping: map };
      return new Destination(definition).onEvent(event, { subscription });
    };
    await run(inMode('delete', { name: null }));
    await run(inMode('mirror'));
    await expect(run(inMode('upsert', { name: null }))).rejects.toThrow(/name/i);
    expect(modes).toEqual([['a delete'], ['a none']]);

    modes.length = 0;
    const mapped = (id: string, map: Record<string, unknown>) => ({
      ...{ id, action: 'keep', trigger: 'type = "track"', mapping: map },
    });
    const mappings = [mapped('in', inMode('upsert')), mapped('out', inMode('delete', { name: null }))];
    const resolved = resolveDestination(
      { id: 'r', type: 'records', settings: {}, mappings },
      { destinations: [destination], env: () => undefined },
    );
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
    const pipeline = createPipeline(resolved.value);
    const { request } = scripted();
    const made = ['a', 'b'].flatMap((id) => [
      ...pipeline.prepare({ ...event, messageId: id, userId: id } as Event).items,
    ]);
    for (const call of planCalls(made as ReadyItem[]).flat())
      await pipeline.send(call.items, { settings: resolved.value.settings, request, now: Date.now });
    expect(modes).toEqual([
      ['a upsert', 'b upsert'],
      ['a delete', 'b delete'],
    ]);
  });

  it('refuses a trigger that cannot be expressed there', () => {
    const destination = defineDestination({
      slug: 'nested',
      name: 'Nested',
      description: 'Has a trigger with parentheses in parentheses.',
      settings: defineFields({}),
      actions: {
        act: defineAction({
          title: 'Act',
          description: 'Acts.',
          defaultTrigger: 'type = "track" and (event = "a" or (event = "b" and properties.c = 1))',
          fields: defineFields({}),
          send: (items) => Promise.resolve(items.map(() => ({ status: 'delivered' }))),
        }),
      },
    });
    expect(() => exportDestination(destination)).toThrow(ExportError);
  });

  it('refuses a destination with OAuth accounts, with the reason', () => {
    const destination = { ...iterable, oauth: { tokenUrl: 'https://crm.example/token' } };
    expect(() => exportDestination(destination)).toThrow(/oauth: Segment connects accounts itself/);
  });
});
