import { describe, expect, it } from 'vitest';
import {
  type Action,
  defineAction,
  defineDestination,
  delivered,
  normaliseEvent,
  rejected,
  retry,
} from '@waybill/core';
import { dummy, iterable } from '@waybill/destinations';
import {
  cannedRequest,
  createTestDestination,
  createTestEvent,
  fakeClock,
  propertyTests,
  runCaseFiles,
  SAMPLE_SECRET,
  sampleSettings,
  snapshotActions,
  SPEC_EVENTS,
  testEventNames,
  TestSetupError,
} from '@waybill/testing';
import { join } from 'node:path';

const settings = { apiKey: 'a-secret-key', projectType: 'hybrid' };
const ok = [
  { url: '/api/', json: { code: 'Success', msg: '', params: null, successCount: 1, failCount: 0 } },
];

describe('createTestEvent', () => {
  it('knows every call and every named event of the spec, and each is a valid event', () => {
    expect(testEventNames).toHaveLength(SPEC_EVENTS.size + 5);
    expect(SPEC_EVENTS.size).toBeGreaterThan(75);
    for (const name of testEventNames) {
      const event = createTestEvent(name);
      const read = normaliseEvent(event, {
        receivedAt: Date.parse(event.receivedAt),
        newMessageId: () => 'new',
      });
      expect(read).toMatchObject({
        ok: true,
        value: { messageId: event.messageId, timestamp: event.timestamp },
      });
    }
    expect(new Set(testEventNames.map((name) => createTestEvent(name).messageId)).size).toBe(
      testEventNames.length,
    );
  });

  it('returns the same event every time, immune to changes', () => {
    const first = createTestEvent('Order Completed');
    expect(createTestEvent('Order Completed')).toEqual(first);
    (first.properties!['products'] as unknown[]).length = 0;
    expect(createTestEvent('Order Completed').properties!['products']).toHaveLength(2);
  });

  it('accepts overrides, and undefined removes a member', () => {
    const event = createTestEvent('Order Completed', { userId: undefined, properties: { total: 1 } });
    expect(event).not.toHaveProperty('userId');
    expect(event.properties).toEqual({ total: 1 });
    expect(createTestEvent('Tea Brewed')).toMatchObject({ type: 'track', event: 'Tea Brewed' });
  });
});

describe('fakeClock', () => {
  it('stands still until it is advanced', () => {
    const clock = fakeClock('2026-01-01T00:00:00.000Z');
    expect(clock.advance(1_500)).toBe(clock.now());
    expect(clock.iso()).toBe('2026-01-01T00:00:01.500Z');
    clock.set(0);
    expect(clock.now()).toBe(0);
    expect(() => fakeClock('yesterday')).toThrow('is not a time');
  });
});

describe('cannedRequest', () => {
  it('answers by rule and turn, and records requests', async () => {
    const { request, calls, exchanges } = cannedRequest(
      [
        { url: '/a', times: 1, status: 429, headers: { 'Retry-After': '5' } },
        { url: '/a', json: { done: true } },
        { url: '/b', method: 'get', text: 'plain' },
        { url: '/c', failure: 'timeout' },
      ],
      { secrets: ['hush-hush'] },
    );
    const headers = { 'x-key': 'hush-hush' };
    expect(await request({ url: 'https://host.example/a', json: { n: 1 }, headers })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5' },
    });
    expect(await request({ url: 'https://host.example/a' })).toMatchObject({
      ok: true,
      body: { done: true },
    });
    expect(await request({ url: 'https://host.example/b' })).toMatchObject({
      text: 'plain',
      body: undefined,
    });
    expect(await request({ url: 'https://host.example/c' })).toMatchObject({ code: 'destination_timeout' });
    expect(await request({ url: 'https://host.example/d' })).toMatchObject({
      code: 'destination_unreachable',
      message: 'No canned answer matches GET https://host.example/d.',
    });
    expect(calls[0]).toMatchObject({ method: 'POST', body: { n: 1 }, headers });
    expect(exchanges).toHaveLength(5);
    expect(JSON.stringify(exchanges)).not.toContain('hush');
  });
});

describe('createTestDestination', () => {
  it('gives actions a memory that lasts from run to run, like delivery', async () => {
    const counting = defineDestination({
      slug: 'counting',
      name: 'Counting',
      description: 'Counts the calls that were made for it.',
      settings: {},
      actions: {
        count: defineAction({
          title: 'Count',
          description: 'Answers with how often it was called.',
          defaultTrigger: 'type = "track"',
          fields: {},
          async send(items, { memory }) {
            const count = Number((await memory?.get('count')) ?? 0) + 1;
            await memory?.set('count', String(count));
            return items.map(() => rejected('destination_rejected', `call ${count}`));
          },
        }),
      },
    });
    const mappings = [{ id: 'count', action: 'count', mapping: {} }];
    const under = createTestDestination(counting, { mappings });
    for (const message of ['call 1', 'call 2']) {
      const { items } = await under.run(createTestEvent('Order Completed'));
      expect(items[0]?.outcome).toMatchObject({ message });
    }
  });

  it('runs events through trigger, mapping, validation, identity and plan', async () => {
    const under = createTestDestination(iterable, { settings, answers: ok });
    const run = await under.run([
      createTestEvent('identify'),
      createTestEvent('Order Completed', {
        userId: undefined,
        anonymousId: 'a',
        properties: {},
        context: {},
      }),
      createTestEvent('alias'),
    ]);
    expect(run.events[0]!.items).toMatchObject([
      { action: 'updateUser', outcome: { status: 'delivered' }, requests: [{ method: 'POST' }] },
    ]);
    expect(run.events[0]!.items[0]!.requests[0]!.url).toBe('https://api.iterable.com/api/users/bulkUpdate');
    expect(run.events[1]!.items.every(({ outcome }) => outcome.status === 'rejected')).toBe(true);
    expect(run.events[2]).toEqual({
      items: [],
      skipped: expect.objectContaining({ code: 'no_matching_mapping' }),
    });
    expect(JSON.stringify(run)).not.toContain(settings.apiKey);
  });

  it('really sends to another address on request, and never by default', async () => {
    const { createServer } = await import('node:http');
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json');
      response.end('{"code":"Success"}');
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const baseUrl = `http://127.0.0.1:${port}/below`;
    await createTestDestination(iterable, { settings, baseUrl }).run(createTestEvent('identify'));
    server.closeAllConnections();
    server.close();
    expect(seen).toContain('POST /below/api/users/bulkUpdate');
  });

  it('reports problems of settings and mappings', () => {
    expect(() => createTestDestination(iterable, { settings: { projectType: 'x' } })).toThrow(TestSetupError);
    expect(() => createTestDestination(dummy, { mappings: [{ id: 'm', action: 'nope' }] })).toThrow(
      'action: There is no action "nope"',
    );
  });

  it('passes the attempt on, and uses the clock', async () => {
    const clock = fakeClock();
    const under = createTestDestination(dummy, { settings: { mode: 'flaky' }, clock });
    const outcome = async (attempt: number) =>
      (await under.run(createTestEvent(), { attempt })).items[0]!.outcome.status;
    expect([await outcome(1), await outcome(2)]).toEqual(['retry', 'delivered']);
  });

  it('tests the settings', async () => {
    expect(await createTestDestination(dummy).testConnection()).toMatchObject({ ok: true });
  });
});

describe('snapshotActions', () => {
  it('shows the requests of every action, the same every time and without secrets', async () => {
    const snapshot = await snapshotActions(iterable, { answers: ok });
    expect(Object.keys(snapshot)).toEqual(Object.keys(iterable.actions));
    expect(snapshot['updateUser']!.full).toMatchObject({
      payload: { email: 'ada@example.com', userId: 'user-1' },
      requests: [{ method: 'POST', url: expect.stringContaining('/api/users/bulkUpdate') }],
    });
    expect(await snapshotActions(iterable, { answers: ok })).toEqual(snapshot);
    expect(JSON.stringify(snapshot)).not.toContain(SAMPLE_SECRET);
  });
});

propertyTests(iterable, { describe, it }, { runs: 30, seed: 7 });
propertyTests(dummy, { describe, it }, { runs: 20, seed: 7 });

const keyOf = (settings: unknown): string => (settings as { key: string }).key;

describe('propertyTests', () => {
  /** Runs the property tests of a destination with one action, and returns the failures. */
  async function failures(send: Action['send']): Promise<string[]> {
    const broken = defineDestination({
      slug: 'broken',
      name: 'Broken',
      description: 'Has one mistake.',
      settings: { key: { type: 'password', label: 'Key', description: 'A key.', required: true } },
      actions: {
        send: defineAction({
          title: 'Send',
          description: 'Sends.',
          fields: {
            data: {
              type: 'object',
              label: 'Data',
              description: 'All.',
              default: { '@path': '$.properties' },
            },
          },
          batch: { maxItems: 10, maxBytes: 100_000 },
          // The kit only passes validated payloads to an action.
          send: send as never,
        }),
      },
    });
    const tests: [string, () => Promise<void>][] = [];
    const tools = {
      describe: (_: string, body: () => void) => body(),
      it: (...test: [string, () => Promise<void>]) => tests.push(test),
    };
    propertyTests(broken, tools, { runs: 40, seed: 3 });
    const failed: string[] = [];
    for (const [name, test] of tests) await test().catch(() => failed.push(name));
    return failed;
  }

  it('find an action that throws, omits results, trusts every answer, mutates an event or leaks a secret', async () => {
    expect(await failures(async (items) => items.map(() => delivered()))).toEqual([]);
    expect(await failures(async () => Promise.reject(new Error('no')))).toEqual(['no action throws']);
    expect(await failures(async (items) => items.slice(1).map(() => delivered()))).toEqual([
      'no action throws',
    ]);
    expect(
      await failures(async (items, { request }) => {
        await request({ url: 'https://broken.example' });
        return items.map(() => delivered());
      }),
    ).toEqual(['an item whose calls all failed is not delivered']);
    expect(
      await failures(async (items) => {
        for (const { event } of items) (event as { userId?: string }).userId = 'other';
        return items.map(() => delivered());
      }),
    ).toContain('no action throws');
    expect(
      await failures(async (items, { settings }) =>
        items.map(() =>
          retry(
            'destination_rejected',
            // The whole secret would be redacted, also in base64.
            `The key ${Buffer.from(`user:${keyOf(settings).slice(0, -1)}`).toString('base64')} is bad.`,
          ),
        ),
      ),
    ).toEqual(['no secret gets into a record']);
    expect(
      await failures(async (items, { request, settings }) => {
        const answer = await request({
          url: `https://broken.example/${keyOf(settings)}`,
          headers: { 'x-a': keyOf(settings) },
        });
        return items.map(() => (answer.ok ? delivered() : rejected('destination_rejected')));
      }),
    ).toEqual([]);
  });
});

describe('sampleSettings', () => {
  it('is accepted by each of our destinations', () => {
    for (const destination of [iterable, dummy]) {
      expect(() =>
        createTestDestination(destination, { settings: sampleSettings(destination.settings) }),
      ).not.toThrow();
    }
  });
});

runCaseFiles(join(import.meta.dirname, '../../../test/cases/iterable'), iterable, { describe, it, expect });
