import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineFields, defineProcessor, type ResolvedProcessor, type SourceEvent } from '@waybill/core';
import { createProcessors, type ProcessorFailure, type Processors, readRow } from '@waybill/ingest';
import { type World, world } from './support.ts';

const pastOf = (all: readonly string[]): { readonly historical?: true } =>
  all.every((what) => what.startsWith('old ')) ? { historical: true } : {};

/** Collects the names of viewed products, and reports them after a pause. */
const seen = defineProcessor({
  slug: 'seen',
  name: 'Seen',
  description: 'Gathers.',
  settings: defineFields({}),
  trigger: 'type = "track" and event = "Seen"',
  events: { Gathered: defineFields({ all: { type: 'string', label: 'All', description: 'x' } }) },
  initial: (): { readonly all: readonly string[] } => ({ all: [] }),
  process: ({ all }, { properties }, { now }) => ({
    state: { all: [...new Set([...all, String(properties?.['what'])])].sort() },
    timers: { told: now + 60_000 },
    note: `has seen ${String(properties?.['what'])}`,
  }),
  merge: ({ all }, { state, timers }) => ({
    state: { all: [...new Set([...all, ...state.all])].sort() },
    timers,
    note: 'is known now',
  }),
  wake: (state) => ({
    state,
    events: [
      {
        event: 'Gathered',
        properties: { all: state.all.join(' ') },
        key: state.all.join(' '),
        ...pastOf(state.all),
      },
    ],
  }),
});
const resolved: ResolvedProcessor = {
  id: 'seen',
  name: 'seen',
  enabled: true,
  processor: seen,
  sources: ['shop'],
  settings: {},
};

let one: World;
let running: Processors;
let failures: ProcessorFailure[];
const open = async (): Promise<void> => {
  one = await world();
  failures = [];
  running = createProcessors({
    log: one.log,
    intake: one.intake,
    holder: 'test',
    now: () => one.time.now,
    onFailure: (_processor, failure) => failures.push(failure),
    onError: (_processor, error) => {
      throw error;
    },
  });
  await running.configure([resolved]);
  await running.idle();
};
const close = async (): Promise<void> => {
  await running.stop();
  await one.close();
};
const told = async (): Promise<unknown[]> => {
  one.time.now += 60_000;
  await running.idle();
  return (await one.all())
    .filter(({ event }) => event === 'Gathered')
    .map(({ userId, anonymousId, context, properties }) => ({
      who: userId ?? (context?.['traits'] as { email?: string } | undefined)?.email ?? anonymousId,
      all: properties?.['all'],
    }));
};

let ids = 0;
const saw = (what: string, who: Partial<SourceEvent>): SourceEvent => ({
  type: 'track',
  event: 'Seen',
  messageId: `m-${(ids += 1)}`,
  properties: { what },
  ...who,
});
/** A guest, as shops name them. */
const byMail = (email: string, anonymousId = 'guest'): Partial<SourceEvent> => ({
  anonymousId,
  context: { traits: { email } },
});

describe('a visitor who is identified', () => {
  beforeEach(open);
  afterEach(close);

  it('keeps the state and timers of the visitor, once an event has both ids', async () => {
    await one.send(
      'shop',
      saw('hat', { anonymousId: 'v' }),
      saw('coat', { anonymousId: 'v', userId: 'ada' }),
    );
    await running.idle();
    await one.send('shop', saw('shoe', { anonymousId: 'v' }));
    await running.idle();
    expect(await told()).toEqual([{ who: 'ada', all: 'coat hat shoe' }]);
    expect((await one.log.timers('processor seen', { limit: 9 })).length).toBe(0);
    expect(failures).toEqual([]);
  });

  it('is identified by an identify or alias call, even if the processor does not read these', async () => {
    await one.send('shop', saw('hat', { anonymousId: 'v' }), saw('scarf', { anonymousId: 'w' }));
    await running.idle();
    await one.send('shop', { type: 'identify', messageId: 'i', anonymousId: 'v', userId: 'ada' });
    const alias = { type: 'alias', messageId: 'a', previousId: 'w', userId: 'ada' } as const;
    await one.send('shop', alias);
    expect(await told()).toEqual([{ who: 'ada', all: 'hat scarf' }]);
  });

  it('is known by the account, also when only the visitor id arrived since', async () => {
    await one.send('shop', { type: 'identify', messageId: 'i', anonymousId: 'v', userId: 'ada' });
    await one.send('shop', saw('hat', { anonymousId: 'v' }));
    await running.idle();
    expect(await told()).toEqual([{ who: 'ada', all: 'hat' }]);
  });

  it('starts historical timers, where the processor declares it', async () => {
    await one.send('shop', saw('old hat', { anonymousId: 'v' }), saw('hat', { anonymousId: 'w' }));
    await running.idle();
    await told();
    const gathered = (await one.all()).filter(({ event }) => event === 'Gathered');
    expect(gathered.map(({ context }) => context?.['historical'])).toEqual([true, undefined]);
  });

  it('is the guest of the same address', async () => {
    await one.send('shop', saw('hat', byMail('Ada@Example.com')), saw('coat', { anonymousId: 'v' }));
    await one.send('shop', saw('shoe', byMail('ada@example.com', 'v')));
    await one.send('shop', saw('sock', { userId: 'ada', ...byMail('ada@example.com') }));
    await one.send('shop', saw('tie', byMail('ada@example.com')), saw('belt', { anonymousId: 'v' }));
    expect(await told()).toEqual([{ who: 'ada', all: 'belt coat hat shoe sock tie' }]);
  });

  it('without an address is the account by the visitor alone: a user without either stays separate', async () => {
    await one.send('shop', saw('hat', { anonymousId: 'v' }), saw('coat', { anonymousId: 'other device' }));
    const account = { userId: 'ada', context: { traits: { email: 'ada@example.com' } } };
    await one.send('shop', saw('shoe', { ...account, anonymousId: 'v' }), saw('sock', account));
    const all = await told();
    expect(all).toHaveLength(2);
    expect(all).toEqual(
      expect.arrayContaining([
        { who: 'ada', all: 'hat shoe sock' },
        { who: 'other device', all: 'coat' },
      ]),
    );
  });

  it('shares a browser with another user, who keeps their own state', async () => {
    await one.send('shop', saw('hat', { anonymousId: 'v', userId: 'ada' }));
    await one.send(
      'shop',
      saw('coat', { anonymousId: 'v', userId: 'bob' }),
      saw('shoe', { anonymousId: 'v' }),
    );
    expect(await told()).toEqual([
      { who: 'ada', all: 'hat' },
      { who: 'bob', all: 'coat shoe' },
    ]);
  });

  it('keeps the newest notes', async () => {
    await one.send('shop', ...Array.from({ length: 12 }, (_, at) => saw(`s${at}`, { anonymousId: 'v' })));
    await one.send('shop', { type: 'identify', messageId: 'i', anonymousId: 'v', userId: 'ada' });
    await running.idle();
    const { state } = await one.log.carried('processor seen', ['u:ada', 'a:v']);
    const row = readRow(state.get('u:ada'));
    const newest = ['is known now', ...Array.from({ length: 9 }, (_, at) => `has seen s${11 - at}`)];
    expect(row.notes?.map(({ note }) => note)).toEqual(newest);
    expect(JSON.parse(new TextDecoder().decode(state.get('a:v')))).toEqual({ is: 'u:ada' });
  });
});

it('ends in the same state, and derives an event of a key once, in any order of arrival', async () => {
  const mail = byMail('ada@example.com');
  const facts: readonly Partial<SourceEvent>[] = [
    { ...saw('a', { anonymousId: 'v' }) },
    { ...saw('b', byMail('ada@example.com', 'g')) },
    { ...saw('c', { userId: 'ada' }) },
    { ...saw('d', byMail('ada@example.com', 'v')) },
    { ...saw('e', { userId: 'ada', ...mail }) },
    { type: 'identify', messageId: 'i', anonymousId: 'w', userId: 'ada' },
    { ...saw('f', { anonymousId: 'w' }) },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
      fc.array(fc.nat(3), { minLength: 14, maxLength: 14 }),
      async (order, pauses) => {
        await open();
        try {
          for (const [at, fact] of order.entries()) {
            await one.send('shop', fact as SourceEvent);
            if (pauses[at] === 0) await running.idle();
          }
          expect(await told()).toEqual([{ who: 'ada', all: 'a b c d e f' }]);
        } finally {
          await close();
        }
      },
    ),
    { numRuns: 40 },
  );
});
