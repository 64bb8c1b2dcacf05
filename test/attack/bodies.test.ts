import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

const good = (messageId: string, more: object = {}) => ({
  type: 'track',
  messageId,
  userId: 'u1',
  event: 'Seen',
  ...more,
});

describe('hostile bodies', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  const stored = async (messageId: string) => {
    const { status, body } = await harness.admin(`events/${encodeURIComponent(messageId)}`);
    return status === 200 ? body.event : undefined;
  };
  /** JSON with a member that no object literal can have. */
  const withKey = (event: object, key: string): string =>
    JSON.stringify(event).replace(/\}$/, `,"properties":{"${key}":{"admin":true,"prototype":{}},"ok":1}}`);

  it.each(['__proto__', '\\u005f_proto__', 'constructor'])(
    'lose a key that reaches a prototype (%s), and keep all other events',
    async (key) => {
      const batch = Array.from({ length: 99 }, (_one, index) => good(`${key}-${index}`));
      const text = `{"batch":[${batch.map((one) => JSON.stringify(one)).join()},${withKey(good(key), key)}]}`;
      const { status, body } = await harness.track('batch', text);
      expect([status, body]).toEqual([200, { success: true }]);
      expect(await stored(`${key}-98`)).toBeDefined();
      expect((await stored(key)).properties).toEqual({ ok: 1 });
    },
  );

  it.each(['track', 'batch'])(
    'nested and truncated are refused at %s, with an answer not to retry',
    async (path) => {
      for (const opening of ['[', '{"a":', '[{"a":']) {
        // 32 KB for one event, 500 KB for a batch.
        const times = Math.floor((path === 'track' ? 32_000 : 500_000) / opening.length);
        const { status, body } = await harness.track(path, opening.repeat(times));
        expect([status, body.error.code]).toEqual([400, 'event_invalid_json']);
      }
    },
  );

  it('nested and complete are refused alone, also when they are large', async () => {
    const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    for (const levels of [65, 1000, 200_000]) {
      const id = `beside-${levels}`;
      const long = JSON.stringify('x'.repeat(40_000));
      const event = `{"type":"track","userId":"u","event":"E","properties":{"long":${long},"deep":${deep(levels)}}}`;
      const { status, body } = await harness.track(
        'batch',
        `{"batch":[${event},${JSON.stringify(good(id))}]}`,
      );
      expect([status, body.accepted, body.rejected[0].issues[0].code]).toEqual([
        200,
        1,
        levels === 65 ? expect.stringMatching(/event_too_(deep|large)/) : 'event_too_deep',
      ]);
      expect(await stored(id)).toBeDefined();
    }
  });

  it('of random bytes are refused, compressed or not, with an answer not to retry', async () => {
    const count = scale(50, 5_000);
    for (let index = 0; index < count; index++) {
      const bytes = crypto.getRandomValues(new Uint8Array(1 + ((index * 37) % 2000)));
      const headers: Record<string, string> = index % 2 === 0 ? {} : { 'content-encoding': 'gzip' };
      const sent = index % 4 === 1 ? gzipSync(bytes) : bytes;
      const { status } = await harness.track('batch', sent, headers);
      expect(status).toBe(400);
    }
  });

  it('with a lone surrogate in an ID are repaired everywhere: in the log, the order, the history', async () => {
    const text = (id: string, user: string, email: string): string =>
      `{"type":"track","messageId":"${id}","userId":"${user}","event":"Half","traits":{"email":"${email}"},"properties":{"a\\ud800":"b\\udc00c"}}`;
    const events = [
      text('half\\ud800', 'user\\ud800', 'a\\ud800@example.com'),
      text('whole', 'user\\ud83d\\ude00', 'ok\\\\ud800@example.com'),
    ];
    const { status } = await harness.track('batch', `{"batch":[${events.join()}]}`);
    expect(status).toBe(200);
    await harness.server.idle();
    expect(await stored('half\ufffd')).toMatchObject({
      userId: 'user\ufffd',
      traits: { email: 'a\ufffd@example.com' },
      properties: { 'a\ufffd': 'b\ufffdc' },
    });
    expect(await stored('whole')).toMatchObject({
      userId: 'user\u{1f600}',
      traits: { email: 'ok\\ud800@example.com' },
    });
    expect((await harness.steps('half\ufffd')).length).toBeGreaterThan(0);
    // The same again is the same event.
    await harness.track('batch', `{"batch":[${events.join()}]}`);
    const metrics = await (await fetch(`${harness.server.url}/metrics`)).text();
    expect(metrics).toMatch(/waybill_events_duplicate_total\{source="shop"\} 2/);
  });
});
