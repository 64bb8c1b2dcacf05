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

  it('is counted, by source, reason and what was done', async () => {
    const { body } = await harness.admin('../metrics');
    expect(body).toMatch(
      /waybill_tracking_plan_violations_total\{source="case-2",code="tracking_plan_unplanned_property",done="omitted"\} 2/,
    );
  });

  it('is a draft of what was seen, which can be set, changed and taken away while events come', async () => {
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
    expect((await harness.admin('sources/nobody/violations')).status).toBe(404);
    expect((await harness.admin('sources/nobody/inferred-plan')).status).toBe(404);
  });
});
