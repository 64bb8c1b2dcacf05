import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { playDay, readDay } from '../day/player.ts';
import { type Answer, type Harness, openHarness, type ProjectType } from './harness.ts';

const day = readDay();
const ids = [...new Set(day.map((event) => event.messageId))];
const expected = JSON.parse(readFileSync(new URL('../day/expected.json', import.meta.url), 'utf8')) as Answer;

async function play(harness: Harness): Promise<void> {
  const played = await playDay({ host: harness.server.url, writeKey: 'demo' });
  expect(played.failed).toEqual([]);
  await harness.server.idle();
}

describe('the recorded day in a hybrid project', () => {
  let harness: Harness;
  let after: unknown;
  beforeAll(async () => {
    harness = await openHarness();
    await play(harness);
    after = await harness.iterable();
  });
  afterAll(() => harness.close());

  it('ends with exactly one outcome per event and matching mapping, and consistent totals', async () => {
    const counts: Record<string, number> = {};
    for (const id of ids) {
      const steps = await harness.steps(id);
      expect([id, steps.length]).toEqual([id, 1]);
      counts[steps[0]!.status] = (counts[steps[0]!.status] ?? 0) + 1;
    }
    expect(counts['delivered']! + counts['skipped']! + counts['rejected']!).toBe(ids.length);
    const { body } = await harness.admin('stats');
    expect(body).toMatchObject({ events: ids.length, destinations: [{ ...counts, lag: 0, retrying: 0 }] });
  });

  it('has the expected result of every event', async () => {
    const surprises: string[] = [];
    for (const event of day) {
      const [step] = await harness.steps(event.messageId);
      const [wanted] = Object.values(event.expect ?? { '*': 'delivered' });
      const told = step!.status === 'delivered' ? 'delivered' : step!.code;
      const named = wanted!.includes(':') ? `${told}:${step!.field}` : told;
      if (named !== wanted) surprises.push(`${event.messageId}: ${named} instead of ${wanted}`);
    }
    expect(surprises).toEqual([]);
  });

  it.each(expected.customers as Answer[])('leaves $name as worked out by hand', async (customer: Answer) => {
    const read = async (path: string): Promise<Answer> =>
      (await fetch(`${harness.sandbox.url}/api/${path}`, { headers: { 'Api-Key': 'demo' } })).json();
    const { user } = await read(`users/byUserId/${customer.userId}`);
    expect([user.userId, user.email]).toEqual([customer.userId, customer.email]);
    const own = [
      'email',
      'userId',
      'signupDate',
      'signupSource',
      'profileUpdatedAt',
      'itblInternal',
      'shoppingCartItems',
    ];
    const fields = Object.fromEntries(
      Object.entries(user.dataFields).filter(([name]) => !own.includes(name)),
    );
    expect(fields).toEqual(customer.dataFields);
    expect(user.dataFields.shoppingCartItems ?? []).toEqual(customer.shoppingCartItems);

    const { events } = await read(`events/byUserId/${customer.userId}?limit=200`);
    const seconds = (one: Answer): number =>
      Date.parse(one.createdAt.replace(' ', 'T').replace(' +', '+')) / 1000;
    const custom = events
      .filter((one: Answer) => one.eventType === 'customEvent' && one.eventName !== 'updateCart')
      .map((one: Answer) => ({
        eventName: one.eventName,
        id: one.id,
        createdAt: seconds(one),
        dataFields: one.dataFields,
      }));
    const byId = (list: Answer[]): Answer[] =>
      [...list].sort((a, b) => String(a.id).localeCompare(String(b.id)));
    expect(byId(custom)).toEqual(byId(customer.events));
    const purchases = events
      .filter((one: Answer) => one.eventType === 'purchase')
      .map((one: Answer) => ({
        id: one.id,
        createdAt: seconds(one),
        total: one.total,
        items: one.shoppingCartItems,
      }));
    expect(byId(purchases)).toEqual(
      byId(customer.purchases).map(({ id, createdAt, total, items }: Answer) => ({
        id,
        createdAt,
        total,
        items,
      })),
    );
  });

  it('sent a second time changes nothing', async () => {
    await play(harness);
    expect(await harness.iterable()).toEqual(after);
  });

  it('keeps its record across a restart', async () => {
    await harness.restart();
    expect(await harness.steps('day-0151')).toMatchObject([
      { status: 'rejected', code: 'payload_required', field: 'total' },
    ]);
    expect(await harness.iterable()).toEqual(after);
  });

  it('stores no secret in its files', () => {
    for (const name of ['log.db', 'state.db', 'workspace.db']) {
      const bytes = readFileSync(`${harness.dataDir}/${name}`).toString('latin1');
      expect([name, /"(Api-Key|api-key)":"demo"|"apiKey":"demo"|"writeKey":"demo"/.test(bytes)]).toEqual([
        name,
        false,
      ]);
    }
  });
});

describe.each<ProjectType>(['email', 'userId'])('the recorded day in a project of type %s', (projectType) => {
  it('ends with one outcome per event, each with a reason when it was not delivered', async () => {
    const harness = await openHarness({ projectType });
    try {
      await play(harness);
      for (const id of ids) {
        const steps = await harness.steps(id);
        expect([id, steps.length]).toEqual([id, 1]);
        if (steps[0]!.status !== 'delivered') {
          expect(steps[0]).toMatchObject({
            code: expect.any(String),
            message: expect.stringMatching(/\S/),
            remedy: expect.stringMatching(/\S/),
          });
        }
      }
    } finally {
      await harness.close();
    }
  });
});
