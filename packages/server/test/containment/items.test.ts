import { duplexPair } from 'node:stream';
import type { Item } from '@waybill/core';
import { expect, it, vi } from 'vitest';
import { answerForEvents, createReading } from '../../src/containment/events.ts';
import { createHeld, createLent, readItems, writeItems } from '../../src/containment/items.ts';

type Differing = Pick<Item, 'identity' | 'payload'> & Partial<Item>;

const differing: readonly Differing[] = [
  { identity: { by: 'userId', userId: 'u', notes: [] }, payload: { a: 1 } },
  { identity: { by: 'email', userId: 'v', email: 'v@example.com', notes: ['a note'] }, payload: { a: 2 } },
  { identity: undefined, payload: { a: 3 }, syncMode: 'upsert' as const, mapping: { a: 'b' } },
];
const items = differing.map((one, at): Item => ({
  key: `e${at} m`,
  event: { type: 'track', messageId: `e${at}`, timestamp: '', receivedAt: '', properties: { at } },
  attempt: at + 1,
  ...one,
}));

/** What arrives of the items, and how often their events were read. */
function crossed(lent = createLent(), held = createHeld(), reading = createReading()) {
  let reads = 0;
  const { along, events } = reading.begin(items);
  const wire = structuredClone(writeItems(items, along, { lent }));
  const call = { id: 1, read: () => ((reads += 1), events.read()) };
  return { wire, read: readItems(wire, held, call), reads: () => reads };
}

it('brings items over as they are, and their events as soon as one is read', () => {
  const { read, reads } = crossed();
  expect(read!.map(({ payload }) => payload)).toEqual(items.map(({ payload }) => payload));
  expect(reads()).toBe(0);
  expect(read).toEqual(items);
  expect({ ...read![1] }).toEqual(items[1]);
  expect((Object.create(read![2]!) as Item).event.messageId).toBe('e2');
  expect(JSON.stringify(read![0]!.event)).toBe(JSON.stringify(items[0]!.event));
  (read![0] as { event: unknown }).event = 'replaced';
  expect(read![0]!.event).toBe('replaced');
  expect(reads()).toBe(1);
});

it('omits a payload that was lent, once, and detects one that is gone', () => {
  const [lent, held] = [createLent(), createHeld()];
  const lend = (): void => held.keep(lent.lend([items[1]!.payload]), [structuredClone(items[1]!.payload)]);
  lend();
  const first = crossed(lent, held);
  expect(first.wire.payloads).toEqual({ each: [{ a: 1 }, undefined, { a: 3 }] });
  expect(first.read).toEqual(items);
  expect(crossed(lent, held).wire.payloads).toEqual({ each: [{ a: 1 }, { a: 2 }, { a: 3 }] });
  lend();
  for (let more = 0; more < 20; more += 1) held.keep(lent.lend([{}]), [{}]);
  expect(crossed(lent, held).read).toBeUndefined();
});

it('says where payloads carry the identifiers of their items instead of the identifiers, where they do', () => {
  const members = { email: 'email', userId: 'id', within: 'user' };
  const carrying = items.map((one, at): Item => {
    const { email, userId: id } = one.identity ?? {};
    return { ...one, payload: { at, user: { email, id } } };
  });
  const cross = (given: readonly Item[]) => structuredClone(writeItems(given, undefined, { members }));
  const read = (given: readonly Item[]) =>
    readItems(cross(given), createHeld(), { id: 1, read: () => undefined })!.map(({ identity }) => identity);
  const identities = items.map(({ identity }) => identity);
  expect(cross(carrying).identities).not.toHaveProperty('userIds');
  expect(read(carrying)).toEqual(identities);
  const [first, ...others] = carrying;
  const recalled = [{ ...first!, payload: { user: {} } }, ...others];
  expect(cross(recalled).identities).toHaveProperty('userIds');
  expect(read(recalled)).toEqual(identities);
});

it('sends events along until an action has not read any of them for some calls, and for good once it has', () => {
  const alongOf = (reading: ReturnType<typeof createReading>): readonly boolean[] =>
    Array.from({ length: 5 }, () => reading.begin(items).along !== undefined);
  const [never, once] = [createReading(), createReading()];
  expect(alongOf(never)).toEqual([true, true, true, false, false]);
  never.begin(items).events.read();
  expect(alongOf(never)).toEqual([true, true, true, true, true]);
  once.begin(items).events.read();
  expect(alongOf(once)).toEqual([true, true, true, true, true]);
});

it('answers each question for events, and ends a process that asks without waiting', async () => {
  const onFlood = vi.fn();
  const asked = async (...questions: readonly string[]): Promise<string> => {
    const [line, far] = duplexPair();
    const { events } = createReading().begin(items);
    answerForEvents(line, { eventsOf: (task) => (task === 1 ? events : undefined), onFlood });
    let answered = '';
    far.on('data', (part: Buffer) => (answered += part.subarray(4).toString()));
    for (const question of questions) {
      far.write(question);
      await new Promise((done) => setImmediate(done));
    }
    return answered;
  };
  const all = JSON.stringify(items.map(({ event }) => event));
  expect(await asked('1\n', '1', '\n')).toBe(all + all);
  expect(await asked('2\n')).toBe('');
  expect(onFlood).not.toHaveBeenCalled();
  expect(await asked('1\n1\n')).toBe('');
  expect(onFlood).toHaveBeenCalledOnce();
});
