import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedSource, SourceContext } from '@waybill/core';
import {
  createPace,
  createSources,
  dummySource,
  receive,
  type Sources,
  UNLIMITED_ROOM,
} from '@waybill/ingest';
import { type World, world } from './support.ts';

let one: World;
let sources: Sources | undefined;
let failures: string[] = [];
/** Whether a page of a back-fill may be read. */
let room = 0;
beforeEach(async () => {
  one = await world();
  failures = [];
  room = 0;
});
afterEach(async () => {
  await sources?.stop();
  sources = undefined;
  await one.close();
});

const instance = (settings: object = {}): ResolvedSource => ({
  id: 'shop',
  name: 'shop',
  enabled: true,
  source: dummySource,
  settings: { events: 12, users: 3, pageSize: 5, mode: 'ok', secret: 'dummy', ...settings },
});
const contextOf = ({ settings }: ResolvedSource): SourceContext => ({
  settings,
  now: () => one.time.now,
  request: () => Promise.reject(new Error('The dummy calls nobody.')),
  memory: new Map(),
});
const open = (): Sources =>
  createSources({
    log: one.log,
    intake: one.intake,
    context: contextOf,
    holder: 'test',
    now: () => one.time.now,
    room: () => Promise.resolve({ events: Infinity, waitMs: room }),
    onFailure: (stream, { code }) => failures.push(`${stream}: ${code}`),
  });
const ids = async (): Promise<readonly string[]> => (await one.all()).map(({ messageId }) => messageId);
const numbered = (stream: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `dummy-${stream}-${at}`);

describe('a stream that is polled', () => {
  it('is read page by page, and continues after a restart', async () => {
    sources = open();
    await sources.configure([instance()]);
    await sources.idle();
    expect(await ids()).toEqual(numbered('live', 12));
    expect(sources.status()).toEqual([
      { source: 'shop', stream: 'live', place: { cursor: { read: 12 } }, read: 12, ended: false },
    ]);
    await sources.stop();
    await one.reopen();
    sources = open();
    await sources.configure([instance({ events: 14 })]);
    await sources.idle();
    expect(await ids()).toEqual(numbered('live', 14));
  });

  it('is retried after a failure, and reports the reason', async () => {
    for (const [mode, code] of [
      ['unavailable', 'destination_unavailable'],
      ['unauthorized', 'destination_unauthorized'],
      ['bug', 'source_failed'],
    ] as const) {
      sources = open();
      await sources.configure([instance({ mode })]);
      await sources.idle();
      expect(failures.pop()).toBe(`shop live: ${code}`);
      expect(sources.status()[0]).toMatchObject({ read: 0, failure: { code } });
      await sources.stop();
    }
    sources = open();
    await sources.configure([instance()]);
    await sources.idle();
    expect(await ids()).toHaveLength(12);
    expect(sources.status()[0]).not.toHaveProperty('failure');
  });

  it('is independent of edits of others, and ends with its source', async () => {
    sources = open();
    await sources.configure([instance()]);
    await sources.configure([instance(), { ...instance({ events: 1 }), id: 'second' }]);
    await sources.idle();
    expect((await one.all()).map(({ source }) => source).filter((id) => id === 'second')).toHaveLength(1);
    await sources.configure([{ ...instance(), enabled: false }]);
    expect(sources.status()).toEqual([]);
  });
});

it('nothing is read while the intake is closed', async () => {
  let closed = true;
  sources = createSources({
    log: one.log,
    intake: one.intake,
    context: contextOf,
    holder: 'test',
    now: () => one.time.now,
    closed: () => closed,
    room: () => Promise.resolve(UNLIMITED_ROOM),
    onFailure: () => undefined,
  });
  await sources.configure([instance()]);
  await sources.idle();
  expect(await ids()).toEqual([]);
  closed = false;
  await sources.configure([instance({ events: 13 })]);
  await sources.idle();
  expect(await ids()).toHaveLength(13);
});

describe('a back-fill', () => {
  const asked = { id: 'b-1', source: 'shop', stream: 'history' };

  it('delivers marked events once, waits for room, and continues after a restart', async () => {
    sources = open();
    await sources.configure([instance({ events: 7 })]);
    await sources.idle();
    room = 3_600_000;
    await sources.backfill([asked]);
    await sources.idle();
    expect(await ids()).toEqual(numbered('live', 7));
    await sources.stop();
    await one.reopen();
    room = 0;
    sources = open();
    await sources.configure([instance({ events: 7 })]);
    await sources.idle();
    expect(await ids()).toEqual([...numbered('live', 7), ...numbered('history', 7)]);
    const marks = (await one.all()).map(({ context }) => context?.['historical']);
    expect(marks).toEqual([...Array<undefined>(7).fill(undefined), ...Array<boolean>(7).fill(true)]);
    expect(sources.status()[1]).toMatchObject({ backfill: 'b-1', read: 7, ended: true });
  });

  it('does not wait for a destination that has not moved for long', async () => {
    const pace = createPace({
      now: () => one.time.now,
      lanes: () => Promise.resolve([{ destination: 'd', cursor: 3, lag: 100_000 }]),
    });
    expect((await pace.room()).waitMs).toBeGreaterThan(0);
    one.time.now += 29_999;
    expect((await pace.room()).waitMs).toBeGreaterThan(0);
    one.time.now += 1;
    expect((await pace.room()).waitMs).toBe(0);
  });
});

describe('a webhook', () => {
  const request = (body: unknown, secret = 'dummy') => ({
    method: 'POST',
    headers: { 'x-dummy-secret': secret },
    query: {},
    body: new TextEncoder().encode(JSON.stringify(body)),
  });
  const call = (body: unknown, secret?: string) =>
    receive(instance(), request(body, secret), { intake: one.intake, context: contextOf(instance()) });

  it('is answered when its events are durable, duplicates stored once', async () => {
    const event = { type: 'track', event: 'Paid', messageId: 'w-1', userId: 'ada' };
    expect(await call([event, event, { type: 'odd', messageId: 'w-2' }])).toMatchObject({
      accepted: 2,
      refused: [{ index: 2, messageId: 'w-2' }],
    });
    expect(await ids()).toEqual(['w-1']);
  });

  it('records refusals, and failures of the source', async () => {
    expect(await call([], 'guess')).toMatchObject({ failure: { code: 'request_unauthorized' } });
    expect(await call('no list')).toMatchObject({ failure: { code: 'source_failed' } });
    expect(one.refusals.list(5).map(({ path, sourceId }) => [path, sourceId])).toEqual([
      ['webhook', 'shop'],
      ['webhook', 'shop'],
    ]);
  });
});
