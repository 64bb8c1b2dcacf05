import { describe, expect, it } from 'vitest';
import { consentGate } from '@waybill/commerce';
import { createTestEvent, processorTests, simulateProcessor } from '@waybill/testing';
import fc from 'fast-check';
import { BEGIN, historyOf, shuffled } from './histories.ts';

const settings = { events: ['Cart Step'] };
processorTests(
  consentGate,
  { describe, it },
  { settings, events: ['Cart Step', 'Email Subscribed'], runs: 20 },
);

it('decides by the latest choice, in any order of choices, with duplicates; each event once', () => {
  const words = fc.record({
    name: fc.constantFrom('Email Subscribed', 'Email Unsubscribed', 'SMS Unsubscribed'),
    minute: fc.nat(400),
    who: fc.constantFrom('account' as const, 'guest' as const, 'visitor' as const),
    properties: fc.constant({}),
  });
  const both = historyOf(words).chain((events) => fc.tuple(fc.constant(events), shuffled(events)));
  fc.assert(
    fc.property(both, ([events, again]) => {
      const email = events.filter(({ event }) => event?.startsWith('Email') === true);
      const [last] = email.toSorted(
        (a, b) => b.timestamp.localeCompare(a.timestamp) || b.event!.localeCompare(a.event!),
      );
      const simulation = simulateProcessor(consentGate, settings);
      const at = BEGIN + 1e9;
      again.forEach((event, index) => simulation.receive(event, at + index));
      const message = createTestEvent('Cart Step', { messageId: 'm', userId: 'ada', context: {} });
      for (const later of [1_000, 2_000]) simulation.receive(message, at + later);
      expect(simulation.failures).toEqual([]);
      expect(simulation.derived.map(({ event }) => event)).toEqual([
        last?.event === 'Email Unsubscribed' ? 'Message Withheld' : 'Message Allowed',
      ]);
    }),
    { numRuns: 200 },
  );
});
