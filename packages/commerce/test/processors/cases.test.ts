import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as commerce from '@waybill/commerce';
import type { Event, Processor } from '@waybill/core';
import { createTestEvent, simulateProcessor } from '@waybill/testing';

/** An arriving event, or a time to advance the clock to. */
interface Step {
  readonly event?: string;
  /** When it happened; `arrives` when absent. */
  readonly at?: string;
  /** When it arrives; `at` when absent. */
  readonly arrives?: string;
  readonly messageId?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly previousId?: string;
  readonly email?: string;
  readonly historical?: boolean;
  /** Whether it comes from the shop instead of a page. */
  readonly shop?: boolean;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly advance?: string;
}

interface Derived {
  readonly event: string;
  readonly at?: string;
  readonly userId?: string;
  readonly historical?: true;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Case {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  readonly derived: readonly Derived[];
  /** The notes about users, the oldest first; not checked when absent. */
  readonly notes?: readonly string[];
}

const MEMBERS = {
  case: ['name', 'settings', 'steps', 'derived', 'notes'],
  step: [
    ...['event', 'at', 'arrives', 'messageId', 'userId', 'anonymousId', 'previousId', 'email'],
    ...['historical', 'shop', 'properties', 'advance'],
  ],
  derived: ['event', 'at', 'userId', 'historical', 'properties'],
};

const folder = join(import.meta.dirname, '..', 'cases', 'processors');

for (const file of readdirSync(folder)) {
  const slug = file.replace('.json', '');
  const processor = processorNamed(slug);
  describe(processor.name, () => {
    const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      known(one, MEMBERS.case);
      one.steps.forEach((step) => known(step, MEMBERS.step));
      one.derived.forEach((derived) => known(derived, MEMBERS.derived));
      const simulation = simulateProcessor(processor, one.settings);
      for (const [index, step] of one.steps.entries()) {
        if (step.advance !== undefined) simulation.advance(Date.parse(step.advance));
        else simulation.receive(eventOf(step, index), Date.parse(step.arrives ?? step.at!));
      }
      expect(simulation.failures).toEqual([]);
      expect(simulation.derived.map((event, index) => asIn(one.derived[index], event))).toEqual(one.derived);
      if (one.notes === undefined) return;
      const notes = [...simulation.users().values()].flatMap((row) => row.notes ?? []);
      const oldest = notes.toReversed().toSorted((a, b) => a.at - b.at);
      expect(oldest.map(({ note }) => note)).toEqual(one.notes);
    });
  });
}

function processorNamed(slug: string): Processor {
  const found = Object.values(commerce).find((one) => typeof one === 'object' && one.slug === slug);
  if (found === undefined) throw new Error(`There is no processor "${slug}".`);
  return found as Processor;
}

function known(value: object, members: readonly string[]): void {
  const unknown = Object.keys(value).filter((name) => !members.includes(name));
  if (unknown.length > 0) throw new Error(`A case knows no "${unknown.join('", "')}".`);
}

function eventOf(step: Step, index: number): Event {
  const { event, at = step.arrives!, messageId = `event-${index}`, email, historical, shop } = step;
  const { properties, userId, anonymousId, previousId } = step;
  const isTrack = event !== 'identify' && event !== 'alias';
  return createTestEvent(event, {
    messageId,
    timestamp: new Date(at).toISOString(),
    originalTimestamp: new Date(at).toISOString(),
    userId,
    anonymousId,
    previousId,
    ...(isTrack ? { properties: properties ?? {}, traits: undefined } : { traits: { ...properties, email } }),
    context: {
      ...(email === undefined ? {} : { traits: { email } }),
      ...(historical === true ? { historical } : {}),
      ...(shop === true ? { source: { platform: 'test', id: 'shop' } } : {}),
    },
  });
}

/** The derived events, reduced to the expected members; properties whole. */
function asIn(
  expected: Derived | undefined,
  { event, timestamp, userId, properties, context }: Event,
): Derived {
  return {
    event: event!,
    ...(expected?.at === undefined ? {} : { at: timestamp }),
    ...(expected?.userId === undefined || userId === undefined ? {} : { userId }),
    ...(context?.['historical'] === true ? { historical: true } : {}),
    properties: properties ?? {},
  };
}
