import { expect, it } from 'vitest';
import { type Audience, oneByOne, type ResolvedDestination } from '@waybill/core';
import { createAudienceIds } from '../src/engine/audience-ids.ts';
import { makeAudience } from '../src/engine/audiences.ts';
import { compileLane } from '../src/engine/compile.ts';
import type { LaneShared } from '../src/engine/lane-shared.ts';
import type { RecordedRequest } from '../src/request/request.ts';
import { destination, openState } from './support.ts';

const audience: Audience = { id: 'vip', key: 'vip', settings: {}, personas: {} };

it('makes an audience once, though two processes want it at the same time', async () => {
  const state = openState();
  const turns = new Map<string, ReturnType<typeof oneByOne>>();
  const inTurn: LaneShared['inTurn'] = (name, work) => {
    if (!turns.has(name)) turns.set(name, oneByOne());
    return turns.get(name)!(work);
  };
  let made = 0;
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
        get: async (_context, _audience, externalId) => ({ externalId }),
      },
    },
  };
  const processes = Array.from({ length: 2 }, () => {
    const shared = {
      ...{ state, inTurn, now: Date.now, logger: { error: () => undefined } },
      ...{ box: { seal: (text: string) => text, open: (text: string) => text } },
      ...{ audiences: createAudienceIds(), share: (lanes: unknown) => lanes },
    } as unknown as LaneShared;
    const recorder = { exchanges: [], aborted: () => false } as unknown as RecordedRequest;
    return async () => {
      const compiled = await compileLane(listed, shared);
      const step = { compiled, shared, createRequest: () => recorder, exchangeIds: async () => 0 };
      return (await makeAudience(audience, step)).answer;
    };
  });
  const one = { externalId: 'list-1' };
  expect(await Promise.all(processes.map((make) => make()))).toEqual([one, one]);
  // What one of them has stored, the other one reads.
  expect([await processes[1]!(), made]).toEqual([one, 1]);
  await state.close();
});
