import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answered, type Harness, openHarness } from './harness.ts';

const KEY = 'itbl-key-4711-very-secret';
const AT = 'destinations/shop/mappings';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({
    sandbox: { apiKeys: [KEY] },
    workspace: (apiUrl) => ({
      sources: [{ id: 'web', writeKey: 'demo' }],
      destinations: [
        { id: 'automatic', type: 'iterable', settings: { apiKey: KEY, apiUrl } },
        {
          id: 'shop',
          type: 'iterable',
          settings: { apiKey: KEY, apiUrl },
          mappings: [
            { id: 'seen', preset: 'track-calls', trigger: 'type = "track" and event = "Seen"' },
            { id: 'users', preset: 'identify-calls' },
            { id: 'carts', preset: 'update-cart-calls', name: 'Carts' },
          ],
        },
      ],
    }),
  });
});
afterAll(() => harness.close());

const get = (path: string): Promise<Answered> => harness.admin(path);
const patch = (path: string, body: unknown, ifMatch?: string): Promise<Answered> =>
  harness.admin(path, { method: 'PATCH', body, ...(ifMatch === undefined ? {} : { ifMatch }) });
const order = (path: string, body: unknown, ifMatch?: string): Promise<Answered> =>
  harness.admin(`${path}/order`, { method: 'PUT', body, ...(ifMatch === undefined ? {} : { ifMatch }) });
const post = (path: string, body: unknown): Promise<Answered> =>
  harness.admin(path, { method: 'POST', body });

/** The mappings of a destination as a person has written them. */
async function written(destination: string): Promise<readonly Record<string, unknown>[]> {
  const { body } = await get('workspace');
  return body.destinations.find((one: { id: string }) => one.id === destination).mappings;
}

describe('a change of a mapping', () => {
  it('is merged into the written form, so that a preset remains one', async () => {
    const before = await written('shop');
    const { etag } = await get(`${AT}/carts`);
    const changed = await patch(`${AT}/carts`, { enabled: false, id: 'other' }, etag);
    expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { id: 'carts', enabled: false } });
    expect(await written('shop')).toEqual([before[0], before[1], { ...before[2], enabled: false }]);
  });

  it('turns the automatic presets into a list of presets', async () => {
    const { body: presets } = await get('destinations/automatic/mappings');
    const ids = presets.map(({ id }: { id: string }) => id);
    expect((await patch(`destinations/automatic/mappings/${ids[1]}`, { enabled: false })).status).toBe(200);
    expect(await written('automatic')).toEqual(
      ids.map((id: string, at: number) => ({ id, preset: id, ...(at === 1 ? { enabled: false } : {}) })),
    );
  });

  it('is refused for another version, for none, for a missing mapping, and for unknown members', async () => {
    const old = await patch(`${AT}/carts`, { enabled: true }, '"1"');
    expect([old.status, old.body.error.code]).toEqual([409, 'workspace_version_conflict']);
    expect(old.body.error.conflict.current.content.enabled).toBe(false);
    const unsaid = await harness.admin(`${AT}/carts`, { method: 'PATCH', body: {}, ifMatch: undefined });
    expect(unsaid.body.error.code).toBe('workspace_version_required');
    expect((await patch(`${AT}/nothing`, {})).body.error.code).toBe('request_not_found');
    expect((await patch(`${AT}/carts`, { enabeld: true })).body.error.code).toBe('workspace_invalid');
    expect((await patch(`${AT}/carts`, { trigger: 'type = ' })).body.error.code).toMatch(/^trigger_/);
    expect((await get(`${AT}/carts`)).etag).toBe('"2"');
  });

  it('is recorded with author and time', async () => {
    await patch(`${AT}/carts?note=sale%20is%20over`, { enabled: true });
    const { body } = await get('destinations/shop/changes');
    expect(body).toEqual([
      { mapping: 'seen', version: 1, by: 'file', from: 'file', at: expect.any(Number) },
      { mapping: 'users', version: 1, by: 'file', from: 'file', at: expect.any(Number) },
      {
        ...{ mapping: 'carts', version: 3, by: 'admin', from: '127.0.0.1', at: expect.any(Number) },
        note: 'sale is over',
      },
    ]);
    expect((await get('destinations/nowhere/changes')).status).toBe(404);
  });
});

describe('the order of mappings', () => {
  it('is set as requested, and changes nothing else', async () => {
    const before = await written('shop');
    const { etag } = await get('destinations/shop');
    const { status, body, etag: after } = await order(AT, ['carts', 'seen', 'users'], etag);
    expect([status, body.map(({ id }: { id: string }) => id)]).toEqual([200, ['carts', 'seen', 'users']]);
    expect(after).not.toBe(etag);
    expect(await written('shop')).toEqual([before[2], before[0], before[1]]);
    expect((await get(`${AT}/carts`)).etag).toBe('"3"');
    const old = await order(AT, ['seen', 'carts', 'users'], etag);
    expect([old.status, old.body.error.code]).toEqual([409, 'workspace_version_conflict']);
  });

  it('names every mapping once, or is refused', async () => {
    const before = await written('shop');
    for (const [ids, what] of [
      [['carts', 'seen'], '"users" is missing'],
      [['carts', 'seen', 'users', 'carts'], '"carts" is named twice'],
      [['carts', 'seen', 'users', 'more'], 'There is no "more"'],
    ] as const) {
      const { status, body } = await order(AT, ids);
      expect([status, body.error.code]).toEqual([400, 'request_invalid']);
      expect(body.error.message).toContain(what);
    }
    for (const ids of [{}, 'carts', [7], null]) expect((await order(AT, ids)).status).toBe(400);
    expect((await order('destinations/nowhere/mappings', [])).status).toBe(404);
    expect(await written('shop')).toEqual(before);
  });
});

describe('unsaved settings', () => {
  const attempt = async (settings: object, more: object = {}): Promise<Answered> =>
    post('connection-test', { type: 'iterable', settings, ...more });

  it('are tested with real calls, and nothing of them is stored', async () => {
    const { body: before } = await get('workspace');
    const apiUrl = harness.sandbox.url;
    const wrong = await attempt({ apiKey: 'itbl-key-0815-wrong', apiUrl });
    expect(wrong).toMatchObject({
      status: 200,
      body: { ok: false, issue: { code: 'destination_unauthorized', path: 'apiKey' } },
    });
    expect(wrong.body.remedy).not.toBe('');
    expect(JSON.stringify(wrong.body)).not.toContain('0815');
    const right = await attempt({ apiKey: KEY, apiUrl });
    expect(right).toMatchObject({ status: 200, body: { ok: true } });
    expect(right.body.message).toContain(apiUrl);
    expect((await get('workspace')).body).toEqual(before);
  });

  it('may use the stored secret of a destination with the same address, and no other', async () => {
    const kept = { apiKey: { $secret: true }, apiUrl: harness.sandbox.url };
    expect((await attempt(kept, { id: 'shop' })).body.ok).toBe(true);
    for (const [settings, more] of [
      [kept, {}],
      [kept, { id: 'nowhere' }],
      [{ ...kept, apiUrl: 'https://elsewhere.example' }, { id: 'shop' }],
    ] as const) {
      const { status, body } = await attempt(settings, more);
      expect([status, body.error.code]).toEqual([409, 'workspace_secret_needed']);
    }
  });

  it('are refused with their problems, and name only allowed variables', async () => {
    const { body } = await attempt({ apiKey: KEY, projectType: 'other' });
    expect(body).toMatchObject({ ok: false, issue: { code: 'workspace_invalid_settings' } });
    expect((await post('connection-test', { type: 'iterabel', settings: {} })).body).toMatchObject({
      ok: false,
      issue: { path: 'type' },
    });
    const named = await attempt({ apiKey: { $env: 'WAYBILL_ADMIN_TOKEN' } });
    expect(named.body.error.code).toBe('workspace_variable_forbidden');
    for (const wrong of [
      {},
      { type: 'iterable' },
      { type: 'iterable', settings: [] },
      { type: 7, settings: {} },
    ])
      expect((await post('connection-test', wrong)).body.error.code).toBe('request_invalid');
  });
});
