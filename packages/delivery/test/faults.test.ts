import { afterEach, describe, expect, it } from 'vitest';
import { delivered, type Outcome, rejected } from '@waybill/core';
import { backoff, replayDeadLetters, RETRY_POLICY } from '../src/index.ts';
import {
  append,
  destination,
  event,
  mapping,
  tempDir,
  until,
  type World,
  world,
  openLog,
  openState,
  key,
  type OpenState,
} from './support.ts';

let open: World[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});
async function run(...input: Parameters<typeof world>): Promise<World> {
  const made = await world(...input);
  open.push(made);
  return made;
}
function hurry(w: World): () => void {
  return () => {
    w.now.advance(60_000);
    w.engine.wake();
  };
}

describe('an action that misbehaves', () => {
  it.each<[string, (count: number) => unknown]>([
    ['answers for too few items', (count) => Array(count - 1).fill(delivered())],
    ['answers for too many items', (count) => Array(count + 1).fill(delivered())],
    ['answers with nothing', () => undefined],
    ['answers with words that are no outcomes', (count) => Array(count).fill('ok')],
    ['answers with an unknown status', (count) => Array(count).fill({ status: 'success' })],
  ])('%s is never treated as success', async (_name, answer) => {
    const w = await run([destination((items) => answer(items.length) as Outcome[])]);
    await append(w.log, [event('m1', 'a'), event('m2', 'b')]);
    w.engine.wake();
    await until(async () => (await w.state.deadLetters({})).length === 2, hurry(w));
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 0, rejected: 2, retrying: 0 });
    // Sent items may have arrived: sending them again would make it worse.
    expect((await w.state.deadLetters({})).map((row) => [row.code, row.attempts])).toEqual(
      Array(2).fill(['action_outcome_invalid', 1]),
    );
  });

  const thrower = (name: string): object =>
    Object.defineProperty({ status: 'rejected', code: 'destination_rejected', message: 'no' }, name, {
      get() {
        throw new Error('got you');
      },
    });
  const cyclic: Record<string, unknown> = { status: 'delivered' };
  cyclic['note'] = cyclic;
  it.each<[string, unknown]>([
    ['null', null],
    ['nothing', undefined],
    ['a note that is a number', { status: 'delivered', note: 42 }],
    ['a note within itself', cyclic],
    ['exchanges that are none', { status: 'delivered', exchanges: [-1] }],
    [
      'a field that is an object',
      { status: 'rejected', code: 'destination_rejected', message: 'x', field: {} },
    ],
    ['a code nobody knows', { status: 'rejected', code: 'constructor', message: 'x' }],
    ['a message that is none', { status: 'skipped', code: 'unchanged', message: Symbol('x') }],
    ['a wait of NaN', { status: 'retry', code: 'destination_unavailable', message: 'x', afterMs: NaN }],
    ['an unknown status', { status: 'success' }],
    ['a status that throws', thrower('status')],
    ['a field that throws', thrower('field')],
  ])('fails one item without affecting others: %s', async (_name, bad) => {
    const sends: string[] = [];
    const w = await run([
      destination((items) => {
        sends.push(...items.map((one) => one.payload.id));
        return items.map((one) => (one.payload.id === 'bad' ? bad : delivered())) as Outcome[];
      }),
    ]);
    await append(w.log, [event('m1', 'a'), event('bad', 'b'), event('m2', 'c')]);
    await w.engine.idle();
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 2, rejected: 1, retrying: 0 });
    expect(await w.state.deadLetters({})).toMatchObject([{ code: 'action_outcome_invalid', attempts: 1 }]);
    expect(sends.sort()).toEqual(['bad', 'm1', 'm2']);
  });

  it('may return a very long message: it is truncated', async () => {
    const w = await run([destination((items) => items.map(() => delivered('x'.repeat(10_000_000))))]);
    await append(w.log, [event('m1', 'a')]);
    await w.engine.idle();
    expect((await w.state.outcomes([1]))[0]?.message).toMatch(/^x{2000}.{0,60}$/);
  });

  it.each<[string, () => unknown]>([
    ['is no text', () => ({})],
    [
      'throws',
      () => {
        throw new Error('no key');
      },
    ],
  ])('whose batch key %s fails that item alone', async (_name, key) => {
    const groupBy = ({ id }: { id: string }): string => (id === 'bad' ? (key() as string) : 'all');
    const w = await run([destination((items) => items.map(() => delivered()), { groupBy })]);
    await append(w.log, [event('m1', 'a'), event('bad', 'b'), event('m2', 'c')]);
    await w.engine.idle();
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 2, rejected: 1 });
    expect(await w.state.deadLetters({})).toMatchObject([{ code: 'action_value_invalid' }]);
  });

  it('that stores a value that is not a string gets an error, and loses nothing', async () => {
    const told: unknown[] = [];
    const w = await run([
      destination(async (items, { memory }) => {
        await memory!.set('k', { a: 1 } as unknown as string).catch((error: unknown) => told.push(error));
        // No caller waits for this one.
        void memory!.set(Symbol('k') as unknown as string, 'v');
        return items.map(() => delivered());
      }),
    ]);
    await append(w.log, [event('m1', 'a')]);
    await w.engine.idle();
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 1 });
    expect(told).toEqual([expect.objectContaining({ name: 'TypeError' })]);
  });
});

describe('a mapping', () => {
  it('without a valid payload causes a dead letter without a call', async () => {
    let calls = 0;
    const w = await run([
      destination(
        (items) => {
          calls += 1;
          return items.map(() => delivered());
        },
        { mappings: [mapping({ mapping: { id: { '@path': '$.properties.id' } } })] },
      ),
    ]);
    await append(w.log, [event('m1'), event('m2', 'u', { id: 'x' })]);
    w.engine.wake();
    await w.engine.idle();
    expect(calls).toBe(1);
    expect(await w.state.deadLetters({})).toEqual([
      expect.objectContaining({ code: 'payload_required', field: 'id', attempts: 0, messageId: 'm1' }),
    ]);
  });

  it('that is removed, or no longer matches, ends its waiting items', async () => {
    const answer = (): Outcome[] => [rejected('destination_rejected', 'No.')];
    const both = [mapping(), mapping({ id: 'other' })];
    const w = await run([destination(answer, { maxItems: 1, mappings: both })]);
    await append(w.log, [event('m1')]);
    w.engine.wake();
    await w.engine.idle();
    await w.engine.configure([
      destination(answer, { maxItems: 1, mappings: [mapping({ trigger: 'type = "page"' })] }),
    ]);
    await replayDeadLetters(w.state, {}, w.now());
    w.engine.wake();
    await w.engine.idle();
    expect((await w.state.outcomes([1])).map((row) => [row.mappingId, row.status, row.code])).toEqual([
      ['things', 'skipped', 'trigger_no_longer_matches'],
      ['other', 'skipped', 'mapping_removed'],
    ]);
    expect((await w.state.stats())[0]).toMatchObject({
      skipped: 2,
      rejected: 0,
      deadLetters: 0,
      retrying: 0,
    });
  });
});

describe('an unwritable state', () => {
  it('makes the lane wait with its results instead of sending again', async () => {
    const real = openState({ file: ':memory:' });
    let broken = false;
    const state: OpenState = {
      ...real,
      settle(settlement) {
        if (broken) throw new Error('database or disk is full');
        return real.settle(settlement);
      },
    };
    let calls = 0;
    const w = await run(
      [
        destination((items) => {
          calls += 1;
          return items.map(() => delivered());
        }),
      ],
      { state },
    );
    broken = true;
    await append(w.log, [event('m1')]);
    w.engine.wake();
    await until(() => w.logged.filter((one) => one.level === 'error').length >= 2);
    broken = false;
    await w.engine.idle();
    expect(calls).toBe(1);
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 1 });
  });
});

describe('overlapping steps', () => {
  const ids = Array.from({ length: 11 }, (_, index) => `m${index + 1}`);
  const seqs = ids.map((_, index) => index + 1);

  /** An engine with steps of two events, on a state whose writes can be made to fail. */
  const overlapping = async (fails: (write: number) => boolean) => {
    const real = openState({ file: ':memory:' });
    let writes = 0;
    const settled: number[] = [];
    const state: OpenState = {
      ...real,
      async settle(settlement) {
        if (settlement.outcomes === undefined) return real.settle(settlement);
        writes += 1;
        if (fails(writes)) throw new Error('database or disk is full');
        const answer = await real.settle(settlement);
        if (settlement.cursor !== undefined) settled.push(settlement.cursor);
        return answer;
      },
    };
    const got: string[] = [];
    const to = destination(async (items) => {
      got.push(...items.map((item) => item.event.messageId));
      await new Promise((resolve) => setTimeout(resolve, 5));
      return items.map(() => delivered());
    });
    const log = openLog({ file: ':memory:' });
    await append(
      log,
      ids.map((id) => event(id)),
    );
    const start = (): Promise<World> => run([to], { state, log, limits: { events: 2 } });
    return { state, got, settled, start };
  };

  it('are written in order and once each, including the last one', async () => {
    const { state, got, settled, start } = await overlapping(() => false);
    await (await start()).engine.idle();
    expect(got).toEqual(ids);
    expect(settled).toEqual([2, 4, 6, 8, 10, 11]);
    expect((await state.outcomes(seqs)).map((row) => [row.seq, row.status])).toEqual(
      seqs.map((seq) => [seq, 'delivered']),
    );
    expect((await state.stats())[0]).toMatchObject({ cursor: 11, delivered: 11 });
  });

  it('wait for the one before to be written, and send nothing again', async () => {
    const { state, got, settled, start } = await overlapping((write) => write === 2 || write === 3);
    await (await start()).engine.idle();
    expect(got).toEqual(ids);
    expect(settled).toEqual([2, 4, 6, 8, 10, 11]);
    expect((await state.stats())[0]).toMatchObject({ delivered: 11 });
  });

  it('are both repeated when the engine stopped before either was written', async () => {
    let broken = true;
    const { state, got, start } = await overlapping((write) => broken && write > 1);
    const first = await start();
    await until(() => first.logged.some((one) => one.level === 'error'));
    await first.engine.stop();
    expect((await state.lane(key('fake')))?.cursor).toBe(2);
    expect(got).toEqual(ids.slice(0, 6));
    broken = false;
    // The next world continues with the stores.
    open = [];
    await (await start()).engine.idle();
    expect(got).toEqual([...ids.slice(0, 6), ...ids.slice(2)]);
    expect((await state.stats())[0]).toMatchObject({ cursor: 11, delivered: 11 });
  });
});

describe('a group commit', () => {
  it('that fails, fails for every caller and stores nothing; the next one works', async () => {
    const temp = tempDir();
    let broken = false;
    const log = openLog({
      file: temp.path('log.db'),
      now: () => {
        if (broken) throw new Error('no time');
        return 1;
      },
    });
    await append(log, [event('before')]);
    broken = true;
    const results = await Promise.allSettled([append(log, [event('a')]), append(log, [event('b')])]);
    expect(results.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    broken = false;
    await Promise.all([append(log, [event('a')]), append(log, [event('c')])]);
    expect((await log.read({ after: 0, limit: 10 })).map((one) => one.event.messageId)).toEqual([
      'before',
      'a',
      'c',
    ]);
    await log.close();
    temp.clean();
  });

  it('is shared by concurrent callers', async () => {
    const temp = tempDir();
    const log = openLog({ file: temp.path('log.db') });
    const started = performance.now();
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => append(log, [event(`m${n}`)])));
    // With a commit each this would take many seconds.
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await log.lastSeq()).toBe(2_000);
    await log.close();
    temp.clean();
  });
});

describe('back-off', () => {
  it.each([
    [{ attempts: 1, random: 0.5 }, 500],
    [{ attempts: 2, random: 0.5 }, 1_000],
    [{ attempts: 4, random: 0.999 }, 7_992],
    [{ attempts: 30, random: 0.5 }, 300_000],
    [{ attempts: 5, random: 0 }, 0],
    [{ attempts: 1, random: 0.5, afterMs: 30_000 }, 30_500],
    [{ attempts: 1, random: 0, afterMs: 30_000 }, 30_000],
    [{ attempts: 9, random: 0.5, afterMs: 10 ** 12 }, RETRY_POLICY.window],
    [{ attempts: 1, random: 0.5, afterMs: Number.NaN }, 500],
  ])('of %p is %p ms', (input, expected) => {
    expect(backoff(RETRY_POLICY, input)).toBe(expected);
  });
});

describe('stopping', () => {
  it('lets the current step end, and a new engine continues after it', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const seen: string[] = [];
    const w = await run([
      destination(async (items) => {
        await gate;
        seen.push(...items.map((one) => one.payload.id));
        return items.map(() => delivered());
      }),
    ]);
    await append(w.log, [event('m1')]);
    w.engine.wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const stopped = w.engine.stop();
    await append(w.log, [event('m2')]);
    release();
    await stopped;
    expect(seen).toEqual(['m1']);
    expect((await w.state.lane(key('fake')))?.cursor).toBe(1);
    w.engine.start();
    await w.engine.idle();
    expect(seen).toEqual(['m1', 'm2']);
  });
});
