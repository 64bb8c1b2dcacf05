import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planCases } from '../../packages/core/test/tracking-plan/support.ts';
import { type Answer, type Harness, openHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({
    workspace: () => ({
      sources: [
        ...planCases.map(({ plan }, index) => ({ id: `case-${index}`, writeKey: `key-${index}`, plan })),
        { id: 'free', writeKey: 'key-free' },
      ],
      destinations: [],
    }),
  });
});
afterAll(() => harness.close());

const send = (key: string, path: string, body: unknown) =>
  harness.track(path, body, { authorization: `Basic ${btoa(`${key}:`)}` });
const get = async (path: string): Promise<Answer> => (await harness.admin(path)).body;

describe('a tracking plan', () => {
  it.each(planCases.map((one, index) => [one.name, one, index] as const))('%s', async (_name, one, index) => {
    const raw = { userId: 'ada', ...one.event };
    const alone = { ...raw, messageId: `alone-${index}` };
    const inBatch = { ...raw, messageId: `batch-${index}` };
    const { status, body } = await send(`key-${index}`, one.event['type'] as string, alone);
    const good = { type: 'alias', userId: 'ada', previousId: 'b', messageId: `good-${index}` };
    const mixed = await send(`key-${index}`, 'batch', { batch: [inBatch, good] });
    const isBlocked = one.blocked === true;
    expect([status, mixed.status]).toEqual([isBlocked ? 400 : 200, 200]);
    expect(mixed.body.rejectedCount ?? 0).toBe(isBlocked ? 1 : 0);
    const blocking = one.violations.filter(([, , , , done]) => done === 'blocked');
    if (isBlocked)
      expect(body.error).toMatchObject({
        code: blocking[0]![0],
        issues: blocking.map(([code, path]) => ({ code, path })),
      });

    const seen = await get(`sources/case-${index}/violations`);
    expect(seen).toHaveLength(one.violations.length);
    expect(seen).toEqual(
      expect.arrayContaining(
        one.violations.map(([code, path, rule, keyword, done]) =>
          expect.objectContaining({
            code,
            path: path.replace(/\[\d+\]/g, '[]'),
            rule,
            keyword,
            done,
            count: 2,
          }),
        ),
      ),
    );
    const refusals = await get(`refusals?sourceId=case-${index}`);
    expect(refusals).toHaveLength(isBlocked ? 2 : 0);
    for (const { messageId } of [alone, inBatch]) {
      const story = await harness.admin(`events/${messageId}`);
      expect(story.status).toBe(isBlocked ? 404 : 200);
      if (one.properties !== undefined) expect(story.body.event.properties).toEqual(one.properties);
    }
  });

  it('is counted, by source, reason and consequence', async () => {
    const { body } = await harness.admin('../metrics');
    expect(body).toMatch(
      /waybill_tracking_plan_violations_total\{source="case-2",code="tracking_plan_unplanned_property",done="omitted"\} 2/,
    );
  });

  it('is a draft of seen events, which can be set, changed and removed while events arrive', async () => {
    const order = { event: 'Order Completed', userId: 'ada', properties: { total: 5 } };
    await send('key-free', 'track', { ...order, messageId: 'o1' });
    expect(await get('sources/free/violations')).toEqual([]);
    const plan = await get('sources/free/inferred-plan');
    expect(plan.rules).toMatchObject([{ type: 'track', event: 'Order Completed' }]);
    const put = async (change: object) => {
      const { plan: _plan, ...source } = await get('sources/free');
      return harness.admin('sources/free', { method: 'PUT', body: { ...source, ...change } });
    };
    expect((await put({ plan: { ...plan, invalidValues: 'block' } })).status).toBe(200);
    const wrong = { ...order, properties: { total: 'five' } };
    expect((await send('key-free', 'track', { ...order, messageId: 'o2' })).status).toBe(200);
    expect((await send('key-free', 'track', { ...wrong, messageId: 'o3' })).body.error).toMatchObject({
      code: 'tracking_plan_invalid_value',
      message: 'properties.total: properties.total must be number (track "Order Completed": type).',
    });
    const refused = await put({ plan: { rules: [{ type: 'identify', schema: { typ: 'object' } }] } });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'tracking_plan_invalid',
          issues: [{ path: 'sources[' + planCases.length + '].plan.rules[0].schema.typ' }],
        },
      },
    });
    expect((await put({})).status).toBe(200);
    expect((await send('key-free', 'track', { ...wrong, messageId: 'o4' })).status).toBe(200);
    const named = await put({ planOf: 'case-0', plan: { rules: [] } });
    const missing = await put({ planOf: 'case-00' });
    for (const [answer, message] of [
      [named, 'A source has either its own plan or that of another source.'],
      [missing, expect.stringContaining('did you mean "case-0"?')],
      [await put({ planOf: 'free' }), 'The source "free" has no plan of its own.'],
    ] as const)
      expect([answer.status, answer.body.error.issues]).toEqual([
        400,
        [{ code: 'tracking_plan_invalid', path: `sources[${planCases.length}].planOf`, message }],
      ]);
    expect((await harness.admin('sources/nobody/violations')).status).toBe(404);
    expect((await harness.admin('sources/nobody/inferred-plan')).status).toBe(404);
  });

  it("is shared by sources that refer to another source's", async () => {
    const change = async (id: string, members: object) => {
      const { plan: _plan, planOf: _planOf, ...source } = await get(`sources/${id}`);
      return harness.admin(`sources/${id}`, { method: 'PUT', body: { ...source, ...members } });
    };
    const create = (id: string, more: object) =>
      harness.admin('sources', { method: 'POST', body: { id, writeKey: `key-${id}`, ...more } });
    const plan = { unplannedEvents: 'block', rules: [{ type: 'track', event: 'Seen', schema: {} }] };
    expect((await create('owner', { plan })).status).toBe(201);
    expect((await create('sharer', { planOf: 'owner' })).status).toBe(201);
    const tries = async (messageId: string) =>
      (await send('key-sharer', 'track', { userId: 'ada', event: 'Unheard', messageId })).status;
    expect(await tries('shared-1')).toBe(400);
    expect(await get('sources/sharer/violations')).toMatchObject([
      { sourceId: 'sharer', done: 'blocked', count: 1 },
    ]);
    expect(await get('sources/owner/violations')).toEqual([]);
    // A change through one process applies to the other from the next event on.
    expect((await change('owner', { plan: { ...plan, unplannedEvents: 'allow' } })).status).toBe(200);
    expect(await tries('shared-2')).toBe(200);
    const gone = await harness.admin('sources/owner', { method: 'DELETE' });
    expect([gone.status, gone.body.error.code]).toEqual([400, 'tracking_plan_invalid']);
    expect((await change('sharer', {})).status).toBe(200);
    expect((await harness.admin('sources/owner', { method: 'DELETE' })).status).toBe(204);
  });

  it('is checked during editing, and created from an export, without being saved', async () => {
    const ask = async (path: string, body: object) =>
      harness.admin(`tracking-plan/${path}`, { method: 'POST', body });
    const bad = {
      rules: [{ type: 'track', event: 'Seen', schema: { properties: { total: { type: 'numbr' } } } }],
    };
    expect((await ask('check', { plan: bad })).body.issues).toMatchObject([
      { path: 'rules[0].schema.properties.total.type' },
    ]);
    expect((await ask('check', { plan: { rules: [{ type: 'track' }] } })).body.issues.length).toBeGreaterThan(
      0,
    );
    expect((await ask('check', { plan: { rules: [] } })).body).toEqual({ issues: [] });
    const rule = { key: 'Seen', type: 'TRACK', version: 1, jsonSchema: { type: 'object' } };
    const { body } = await ask('import', {
      exported: { data: { rules: [rule, { type: 'ALIAS', key: 'x' }] } },
    });
    expect(body).toMatchObject({
      plan: { rules: [{ type: 'track', event: 'Seen', schema: { type: 'object' } }] },
      left: [expect.stringContaining('ALIAS')],
    });
    const none = await ask('import', { exported: 'nothing' });
    expect([none.status, none.body.error.code]).toEqual([400, 'tracking_plan_invalid']);
  });
});
