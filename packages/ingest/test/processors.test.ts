import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defineFields,
  defineProcessor,
  type Processor,
  type ResolvedProcessor,
  type SourceEvent,
} from '@waybill/core';
import { createProcessors, dummyProcessor, type ProcessorFailure, type Processors } from '@waybill/ingest';
import { type World, world } from './support.ts';

let one: World;
let processors: Processors | undefined;
let failures: ProcessorFailure[] = [];
beforeEach(async () => {
  one = await world();
  failures = [];
});
afterEach(async () => {
  await processors?.stop();
  processors = undefined;
  await one.close();
});

const instance = (processor: Processor, settings: object = {}, id = 'count'): ResolvedProcessor => ({
  id,
  name: id,
  enabled: true,
  processor,
  sources: ['shop'],
  settings: { ...settings },
});

const create = (log: World['log']): Processors =>
  createProcessors({
    log,
    intake: one.intake,
    holder: 'test',
    now: () => one.time.now,
    onFailure: (_processor, failure) => failures.push(failure),
    onError: (_processor, error) => {
      throw error;
    },
  });

async function run(...list: readonly ResolvedProcessor[]): Promise<Processors> {
  processors ??= create(one.log);
  await processors.configure(list);
  await processors.idle();
  return processors;
}

const happened = (messageId: string, userId = 'ada'): SourceEvent => ({
  type: 'track',
  event: 'Dummy Happened',
  messageId,
  userId,
});
const derived = async (name: string): Promise<unknown[]> =>
  (await one.all()).filter((event) => event.event === name).map(({ properties }) => properties);

describe('a processor', () => {
  it('keeps a state for each user, and derives events of the same user that name their cause', async () => {
    const running = await run(instance(dummyProcessor, { quiet: 1e9 }));
    await one.send('shop', happened('a'), happened('b', 'grace'), happened('c'), {
      ...happened('d'),
      context: { traits: { email: 'ada@example.com' } },
    });
    await one.send('other', happened('e'));
    await running.idle();
    const counted = (await one.all()).filter(({ event }) => event === 'Dummy Counted');
    expect(counted.map(({ userId, properties }) => [userId, properties?.['count']])).toEqual([
      ['ada', 1],
      ['grace', 1],
      ['ada', 2],
      ['ada', 3],
    ]);
    expect(counted[3]).toMatchObject({
      source: 'count',
      type: 'track',
      messageId: expect.stringMatching(/^derived-/),
      timestamp: '2026-01-15T12:00:00.000Z',
      context: { traits: { email: 'ada@example.com' }, derived: { by: 'count', from: 'd' } },
    });
  });

  it('reads the log together with others at the same position', async () => {
    const reads: number[] = [];
    const read: World['log']['read'] = (query) => {
      if ('limit' in query && 'after' in query) reads.push(query.after);
      return one.log.read(query);
    };
    processors = create({ ...one.log, read });
    const silent = { quiet: 1e9 };
    const list = ['one', 'two', 'three'].map((id) => instance(dummyProcessor, silent, id));
    // A processor with nothing to do would be through the log before the others have settled their first step.
    const unconcerned: Processor = { ...dummyProcessor, trigger: 'event = "Nothing"' };
    const running = await run(...list, instance(unconcerned, silent, 'four'));
    reads.length = 0;
    await one.send('shop', ...Array.from({ length: 2_300 }, (_, at) => happened(`${at}`)));
    running.wake();
    await running.idle();
    expect((await derived('Dummy Counted')).length).toBe(3 * 2_300);
    // Each part of the log is read once, not three times.
    for (const begin of [0, 1_000, 2_000]) expect(reads.filter((after) => after === begin)).toEqual([begin]);
  });

  it('collects garbage after rounds that others follow, not after single events', async () => {
    let collected = 0;
    processors = createProcessors({
      log: one.log,
      intake: one.intake,
      holder: 'test',
      now: () => one.time.now,
      collect: () => (collected += 1),
      onFailure: (_processor, failure) => failures.push(failure),
      onError: (_processor, error) => {
        throw error;
      },
    });
    const running = await run(instance(dummyProcessor, { quiet: 1e9 }));
    await one.send('shop', happened('alone'));
    running.wake();
    await running.idle();
    expect(collected).toBe(0);
    await one.send('shop', ...Array.from({ length: 3_000 }, (_, at) => happened(`${at}`)));
    running.wake();
    await running.idle();
    // Those of three full reads, and of two reads of the derived events.
    expect(collected).toBeGreaterThanOrEqual(3);
    expect(collected).toBeLessThanOrEqual(7);
  });

  it('continues at its cursor, with every event once, whenever its process ends', async () => {
    await run(instance(dummyProcessor, { quiet: 1e9 }));
    for (let turn = 0; turn < 5; turn += 1) {
      const ids = Array.from({ length: 50 }, (_, at) => happened(`${turn}-${at}`));
      await one.send('shop', ...ids);
      // Killed at any point: nothing in progress is settled.
      const before = processors!;
      processors = undefined;
      await one.reopen();
      await run(instance(dummyProcessor, { quiet: 1e9 }));
      await before.stop().catch(() => undefined);
    }
    expect(await derived('Dummy Counted')).toEqual(
      Array.from({ length: 250 }, (_, at) => ({ count: at + 1 })),
    );
  });

  it('has a cursor in the log when it is configured, however late the store answers', async () => {
    const late = async (partition?: number): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return one.log.lastSeq(partition);
    };
    processors = create({ ...one.log, lastSeq: late });
    await one.send('shop', happened('before'));
    await processors.configure([instance(dummyProcessor, { quiet: 1e9 })]);
    await one.send('shop', happened('first'));
    // Its process may end before it has read anything.
    const before = processors;
    await one.reopen();
    processors = undefined;
    const next = await run(instance(dummyProcessor, { quiet: 1e9 }));
    await before.stop().catch(() => undefined);
    await next.idle();
    const causes = (await one.all()).flatMap(({ context }) => context?.['derived'] ?? []);
    expect(causes).toEqual([{ by: 'count', from: 'first' }]);
  });

  it('begins at the end of the log, also after a restart before its first event', async () => {
    await one.send('shop', happened('before'));
    const first = await run(instance(dummyProcessor));
    await first.stop();
    processors = undefined;
    await one.send('shop', happened('after'));
    await run(instance(dummyProcessor));
    expect(await derived('Dummy Counted')).toEqual([{ count: 1 }]);
  });

  it('fires a timer once, however late, before later events', async () => {
    const running = await run(instance(dummyProcessor, { quiet: 60_000 }));
    const began = one.time.now;
    await one.send('shop', happened('a'), happened('b', 'grace'));
    await running.idle();
    one.time.now += 59_999;
    await running.idle();
    expect(await derived('Dummy Quiet')).toEqual([]);
    await running.stop();
    processors = undefined;
    one.time.now += 3_600_000;
    await one.send('shop', happened('c', 'grace'));
    const again = await run(instance(dummyProcessor, { quiet: 60_000 }));
    await again.idle();
    await again.idle();
    const due = began + 60_000;
    expect(await derived('Dummy Quiet')).toEqual([
      { count: 1, due },
      { count: 1, due },
    ]);
    const names = (await one.all()).filter(({ userId }) => userId === 'grace').map(({ event }) => event);
    expect(names.slice(-3)).toEqual(['Dummy Happened', 'Dummy Quiet', 'Dummy Counted']);
    one.time.now += 60_000;
    await again.idle();
    expect(await derived('Dummy Quiet')).toHaveLength(3);
  });

  it('fires a timer again that is set to a time at which it has already fired', async () => {
    const running = await run(instance(dummyProcessor, { quiet: 1_000 }));
    const began = one.time.now;
    await one.send('shop', happened('a'));
    await running.idle();
    one.time.now = began + 1_000;
    await running.idle();
    // One that arrived at the same time, and was stored late.
    one.time.now = began;
    await one.send('shop', happened('b'));
    one.time.now = began + 1_000;
    await running.idle();
    const due = began + 1_000;
    expect(await derived('Dummy Quiet')).toEqual([
      { count: 1, due },
      { count: 2, due },
    ]);
  });

  it('replaces the previous timer', async () => {
    const running = await run(instance(dummyProcessor, { quiet: 1_000 }));
    for (let at = 0; at < 5; at += 1) {
      await one.send('shop', happened(`m-${at}`));
      await running.idle();
      one.time.now += 900;
    }
    one.time.now += 10_000;
    await running.idle();
    expect(await derived('Dummy Quiet')).toEqual([expect.objectContaining({ count: 5 })]);
    expect(await one.log.timers('processor count', { limit: 9 })).toEqual([]);
  });

  it('skips an event that it fails on, reports it, and keeps the state of the user', async () => {
    const running = await run(instance(dummyProcessor, { quiet: 1e9, failAt: 2 }));
    await one.send('shop', happened('a'), happened('b'), happened('c'), happened('d', 'grace'));
    await running.idle();
    expect(failures).toEqual(
      ['b', 'c'].map((cause) => ({ cause, message: 'The dummy processor is configured to fail.' })),
    );
    expect(await derived('Dummy Counted')).toEqual([{ count: 1 }, { count: 1 }]);
  });

  it('may delete a user, and may not derive undeclared events', async () => {
    const settings = defineFields({});
    const forgetful = defineProcessor({
      slug: 'forgetful',
      name: 'Forgetful',
      description: 'Forgets.',
      settings,
      trigger: 'type = "track"',
      events: {
        Seen: defineFields({ times: { type: 'integer', label: 'Times', description: 'x', required: true } }),
      },
      initial: () => ({ seen: 0 }),
      process: ({ seen }, { messageId }) =>
        messageId.startsWith('forget')
          ? { state: undefined }
          : {
              state: { seen: seen + 1 },
              events: [
                { event: messageId === 'odd' ? ('Odd' as 'Seen') : 'Seen', properties: { times: seen + 1 } },
              ],
            },
    });
    const running = await run(instance(forgetful));
    await one.send('shop', happened('a'), happened('b'), happened('odd'), happened('forget'), happened('c'));
    await running.idle();
    expect(await derived('Seen')).toEqual([{ times: 1 }, { times: 2 }, { times: 1 }]);
    expect(failures).toEqual([
      { cause: 'odd', message: 'It derives "Odd", which its definition does not list.' },
    ]);
    await one.send('shop', happened('forget again'));
    await running.idle();
    expect((await one.log.carried('processor count', ['u:ada'])).state.size).toBe(0);
  });

  it('feeds those after it, and continues when others change', async () => {
    const second = defineProcessor({
      slug: 'second',
      name: 'Second',
      description: 'Echoes.',
      settings: defineFields({}),
      trigger: 'event = "Dummy Counted"',
      events: { Echo: defineFields({ count: { type: 'integer', label: 'Count', description: 'x' } }) },
      initial: () => ({}),
      process: (state, { properties }) => ({
        state,
        events: [{ event: 'Echo', properties: { count: Number(properties?.['count']) } }],
      }),
    });
    const both = (quiet: number) => [
      instance(dummyProcessor, { quiet: 1e9 }),
      { ...instance(second, { quiet }, 'echo'), sources: ['count'] },
    ];
    const running = await run(...both(1));
    await one.send('shop', happened('a'));
    await running.idle();
    await run(...both(2));
    await one.send('shop', happened('b'));
    await running.idle();
    expect(await derived('Echo')).toEqual([{ count: 1 }, { count: 2 }]);
    await run();
    await one.send('shop', happened('c'));
    await running.idle();
    expect(await derived('Dummy Counted')).toHaveLength(2);
  });

  it('makes no commit for irrelevant events, and still advances its cursor', async () => {
    let commits = 0;
    processors = createProcessors({
      log: one.log,
      intake: {
        carry(...given) {
          commits += 1;
          return one.intake.carry(...given);
        },
      },
      holder: 'test',
      now: () => one.time.now,
      onFailure: () => undefined,
      onError: () => undefined,
    });
    const running = await run(instance(dummyProcessor));
    const place = async (): Promise<number> => Number((await one.log.carried('processor count', [])).cursor);
    for (let at = 0; at < 20; at += 1) {
      await one.send('other', happened(`o-${at}`));
      await running.idle();
    }
    expect([commits, await place()]).toEqual([1, 0]);
    one.time.now += 1_000;
    await running.idle();
    expect([commits, await place()]).toEqual([2, 20]);
    await one.send('other', happened('last'));
    await running.idle();
    await running.stop();
    expect([commits, await place()]).toEqual([3, 21]);
  });

  it('reads an event once for all processors', async () => {
    let read = 0;
    const reading = (count: number): Processors =>
      createProcessors({
        log: {
          ...one.log,
          async read(query) {
            const events = await one.log.read(query);
            read += events.length;
            return events;
          },
        },
        intake: one.intake,
        holder: `test ${count}`,
        now: () => one.time.now,
        onFailure: () => undefined,
        onError: () => undefined,
      });
    processors = reading(5);
    await processors.configure(
      ['a', 'b', 'c', 'd', 'e'].map((id) => instance(dummyProcessor, { quiet: 1e9 }, id)),
    );
    await processors.idle();
    await one.send('shop', ...Array.from({ length: 1_000 }, (_, at) => happened(`m-${at}`)));
    processors.wake();
    await processors.idle();
    expect(await derived('Dummy Counted')).toHaveLength(5_000);
    // Derived events are read as well, in parts that start at the previous end.
    expect(read).toBeLessThan(3 * 6_000);
  });

  it('runs under one holder at a time', async () => {
    const running = await run(instance(dummyProcessor, { quiet: 1e9 }));
    // Another process has taken over while this one was suspended.
    one.time.now += 61_000;
    expect(await one.log.owners.acquire('processor count', 'another', 60_000)).toBeDefined();
    await one.send('shop', happened('a'));
    running.wake();
    await running.idle();
    expect(await derived('Dummy Counted')).toEqual([]);
    one.time.now += 61_000;
    await running.idle();
    expect(await derived('Dummy Counted')).toEqual([{ count: 1 }]);
  });
});
