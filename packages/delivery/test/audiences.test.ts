import { expect, it } from 'vitest';
import { type Audience, oneByOne, rejected, type ResolvedDestination } from '@waybill/core';
import { createAudienceIds } from '../src/engine/audience-ids.ts';
import { makeAudience } from '../src/engine/audiences.ts';
import { compileLane } from '../src/engine/compile.ts';
import { keepAudience } from '../src/engine/kept-audiences.ts';
import type { LaneShared } from '../src/engine/lane-shared.ts';
import type { RecordedRequest } from '../src/request/request.ts';
import { destination, openState } from './support.ts';

const audience: Audience = { id: 'vip', key: 'vip', settings: {}, personas: {} };

it('creates an audience once for two processes, checks once whether it exists, and follows the decision of a person', async () => {
  const state = openState();
  const turns = new Map<string, ReturnType<typeof oneByOne>>();
  const inTurn: LaneShared['inTurn'] = (name, work) => {
    if (!turns.has(name)) turns.set(name, oneByOne());
    return turns.get(name)!(work);
  };
  let [made, time, isGone] = [0, 1_000, false];
  const checked: string[] = [];
  const plain = destination(() => []);
  const listed: ResolvedDestination = {
    ...plain,
    destination: {
      ...plain.destination,
      audiences: {
        fields: {},
        async create() {
          made += 1;
          await new Promise((resolve) => setImmediate(resolve));
          return { externalId: `list-${made}` };
        },
        async get(_context, _audience, externalId) {
          checked.push(externalId);
          return isGone ? { outcome: rejected('destination_not_found') } : { externalId };
        },
      },
    },
  };
  const begin = () => {
    time += 1;
    const now = () => time;
    const shared = {
      ...{ state, inTurn, now, logger: { error: () => undefined } },
      ...{ box: { seal: (text: string) => text, open: (text: string) => text } },
      ...{
        audiences: createAudienceIds({ now, others: true }),
        share: (lanes: unknown) => lanes,
      },
    } as unknown as LaneShared;
    const recorder = { exchanges: [], aborted: () => false } as unknown as RecordedRequest;
    return async (what: 'make' | 'set' | 'forget' = 'make', externalId?: string) => {
      if (what !== 'make') await keepAudience(listed, { id: 'vip', externalId }, [], shared);
      const compiled = await compileLane(listed, shared);
      const step = { compiled, shared, createRequest: () => recorder, exchangeIds: async () => 0 };
      return (await makeAudience(audience, step)).answer;
    };
  };
  const processes = [begin(), begin()];
  const one = { externalId: 'list-1' };
  expect(await Promise.all(processes.map((make) => make()))).toEqual([one, one]);
  // Each reads what the other has stored.
  expect([await processes[1]!(), made]).toEqual([one, 1]);

  // A process that starts later checks once that it exists; the earlier one sees a change within a minute.
  expect([await begin()(), checked]).toEqual([one, ['list-1']]);
  expect([await processes[0]!(), checked]).toEqual([one, ['list-1']]);
  const late = begin();
  isGone = true;
  expect(await late()).toMatchObject({ outcome: { status: 'rejected', code: 'destination_audience_gone' } });
  expect(await late('set', 'list-9')).toEqual({ externalId: 'list-9' });
  expect(await processes[0]!()).toEqual(one);
  time += 60_000;
  expect(await processes[0]!()).toEqual({ externalId: 'list-9' });
  expect(await late('forget')).toEqual({ externalId: 'list-2' });
  expect(checked).toEqual(['list-1', 'list-1']);
  await state.close();
});
