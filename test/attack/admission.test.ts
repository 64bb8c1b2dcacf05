import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { good, openTarget, type Target } from './attacker.ts';
import { scale } from './scale.ts';

const gzip = { 'content-encoding': 'gzip' };

describe('a batch of very many elements', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  const list = (count: number, element = '{}'): string =>
    `{"batch":[${Array.from({ length: count }, () => element).join(',')}]}`;

  it('is refused as a whole, with a small answer and little memory', async () => {
    const packed = gzipSync(list(166_000));
    expect(packed.length).toBeLessThan(600);
    const before = target.memory();
    const replies = await Promise.all(
      Array.from({ length: scale(10, 40) }, () => target.post('batch', packed, gzip)),
    );
    for (const { status, text } of replies) {
      expect([status, JSON.parse(text).error.code]).toEqual([400, 'event_batch_too_long']);
      expect(text.length).toBeLessThan(1_000);
    }
    expect(target.memory() - before).toBeLessThan(200e6);
  });

  it('names the first hundred problems and how many there are', async () => {
    const none = await target.post('batch', list(2_500));
    expect(none.status).toBe(400);
    expect(JSON.parse(none.text).error.issues).toHaveLength(100);
    expect(JSON.parse(none.text).error.issueCount).toBeGreaterThanOrEqual(2_500);
    const batch = [good('one'), ...Array.from({ length: 2_000 }, () => ({}))];
    const some = await target.post('batch', JSON.stringify({ batch }));
    expect(some.status).toBe(200);
    const body = JSON.parse(some.text);
    expect([body.accepted, body.rejectedCount, body.rejected.length]).toEqual([1, 2_000, 100]);
    for (const { text } of [none, some]) expect(text.length).toBeLessThan(100_000);
  });

  it('does not push the refusals of all others out, and keeps few bytes of each', async () => {
    const long = 'x'.repeat(30_000);
    await target.post('batch', list(2_500));
    await target.post('track', JSON.stringify({ type: 'track', messageId: long, event: long }));
    const refusals = await target.admin('refusals?limit=1000');
    expect(refusals.length).toBeLessThan(500);
    expect(JSON.stringify(refusals[0]).length).toBeLessThan(3_000);
  });

  it.each([
    ['of zeros', gzipSync(Buffer.alloc(50_000_000)), 400],
    ['within another', gzipSync(gzipSync(Buffer.alloc(5_000_000))), 400],
    ['that is cut off', gzipSync(JSON.stringify({ batch: [good('cut')] })).subarray(0, 40), 400],
    ['that is none', Buffer.from('not packed at all'), 400],
  ])(
    'in a gzip bomb %s is refused, and costs no more than a body of the largest size',
    async (_name, body, status) => {
      const before = target.memory();
      const replies = await Promise.all(
        Array.from({ length: scale(10, 200) }, () => target.post('batch', body, gzip)),
      );
      expect(new Set(replies.map((one) => one.status))).toEqual(new Set([status]));
      expect(target.memory() - before).toBeLessThan(150e6);
      expect((await target.post('track', JSON.stringify(good('after')))).status).toBe(200);
    },
  );
});
