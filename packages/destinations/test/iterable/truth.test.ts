import { describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import type { Switches } from '@waybill/iterable-sandbox';

import { event, overHttp, play } from '../harness.ts';
import { openProject } from './support.ts';

/** A seeded generator of numbers. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A visit or a profile update of one of 200 users; about one in twenty is invalid. */
function made(random: () => number, index: number): Event {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const bad = random() < 0.05 ? pick('type', 'forgotten', 'address', 'name', 'number') : 'none';
  const userId = bad === 'forgotten' ? pick('gone-1', 'gone-2') : `u-${Math.floor(random() * 200)}`;
  const values = {
    price: bad === 'type' ? pick('dear', 'cheap') : index + 0.5,
    count: bad === 'number' ? {} : index,
  };
  if (random() < 0.5) {
    const name = bad === 'name' ? 'Internal' : pick('Seen', 'Liked');
    return event({ type: 'track', event: name, userId, properties: { ...values, index } });
  }
  // With a user ID such an address is left out, and the item still arrives.
  const email = bad === 'address' ? `zoë-${index}@example.com` : `${userId}@example.com`;
  const who = bad === 'address' ? { anonymousId: 'visitor' } : { userId };
  return event({ type: 'identify', ...who, traits: { ...values, email, [`seen_${index}`]: true } });
}

const READINGS: readonly Partial<Switches>[] = [
  {},
  { disallowedRaisesFailCount: 'no', conflictList: 'both', emailCase: 'asSent' },
  { typeConflictInBulk: 'item', conflictList: 'emails' },
];

describe('the outcome of every item', () => {
  it.each(READINGS)('is the result in Iterable, read as %j', async (switches) => {
    const sandbox = await openProject({ switches });
    try {
      const { project } = sandbox;
      project.settings.userFieldLimit = 100_000;
      project.settings.disallowedEventNames = ['Internal'];
      const stage = {
        destination: iterable,
        settings: { apiKey: 'demo', apiUrl: sandbox.url },
        request: overHttp(),
      };
      const first = ['Seen', 'Liked'].map((name) =>
        event({
          type: 'track',
          event: name,
          userId: 'first',
          properties: { price: 0.5, count: 1, index: 1 },
        }),
      );
      const gone = ['gone-1', 'gone-2'].map((userId) =>
        event({ type: 'identify', userId, traits: { price: 0.5, count: 1 } }),
      );
      await play(stage, [...first, ...gone]);
      for (const userId of ['gone-1', 'gone-2']) {
        await fetch(`${sandbox.url}/api/users/forget`, {
          method: 'POST',
          headers: { 'Api-Key': 'demo' },
          body: JSON.stringify({ userId }),
        });
      }

      const random = generator(7);
      const events = Array.from({ length: 3_000 }, (_none, index) => made(random, index));
      const played = await play(stage, events);

      const wrote = new Set([...project.profiles].flatMap(({ fields }) => Object.keys(fields as object)));
      const wrong = played.filter(({ messageId, outcome }, index) => {
        const { type } = events[index]!;
        const there =
          type === 'track' ? project.events.get(messageId) !== undefined : wrote.has(`seen_${index}`);
        return there !== (outcome.status === 'delivered');
      });
      expect(played).toHaveLength(3_000);
      expect(wrong).toEqual([]);
      const codes = new Set(
        played.map(({ outcome }) => (outcome.status === 'delivered' ? 'delivered' : outcome.code)),
      );
      expect([...codes].sort()).toEqual(
        [
          'delivered',
          'destination_event_disallowed',
          'destination_field_type_conflict',
          'destination_invalid_identifier',
          ...(project.switches.typeConflictInBulk === 'item' ? ['destination_rejected'] : []),
          'destination_user_forgotten',
        ].sort(),
      );
      expect(played.every(({ outcome }) => outcome.status !== 'retry')).toBe(true);
    } finally {
      await sandbox.close();
    }
  });

  it('stays the same when everything is sent again after a crash', async () => {
    const sandbox = await openProject();
    try {
      const stage = {
        destination: iterable,
        settings: { apiKey: 'demo', apiUrl: sandbox.url },
        request: overHttp(),
      };
      const line = { product_id: 'p', name: 'Tea', price: 4.5, quantity: 2 };
      const events = [
        event({ type: 'identify', userId: 'u-1', traits: { email: 'ada@example.com' } }),
        event({ type: 'track', event: 'Seen', userId: 'u-1', properties: {} }),
        event({
          type: 'track',
          event: 'Order Completed',
          userId: 'u-1',
          properties: { order_id: 'o', total: 9, products: [line] },
        }),
      ];
      // Every write succeeds, and no answer arrives.
      const faults = [{ match: { method: 'POST' }, kind: 'reset', after: true, times: 3 }];
      await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) });
      const lost = await play(stage, events);
      expect(lost.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry', 'retry']);
      const again = await play(stage, events);
      expect(again.map(({ outcome }) => outcome.status)).toEqual(['delivered', 'delivered', 'delivered']);
      const { profiles, eventCount, purchases } = sandbox.project;
      expect([profiles.size, eventCount, purchases.size]).toEqual([1, 1, 1]);
    } finally {
      await sandbox.close();
    }
  });
});
