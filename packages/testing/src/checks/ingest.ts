import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Event, Processor, Source } from '@waybill/core';
import fc from 'fast-check';
import { createTestEvent, testEventNames } from '../event/create.ts';
import { createTestProcessor } from '../ingest/processor.ts';
import { createTestSource } from '../ingest/source.ts';
import type { TestTools } from '../runner.ts';
import { SAMPLE_SECRET, sampleSettings } from '../sample.ts';
import { answer, freeze, type PropertyOptions, withSample } from './property.ts';

/** Options of property tests of a processor. */
export interface ProcessorPropertyOptions extends PropertyOptions {
  /** Names of its events; those of the Segment spec when absent. */
  readonly events?: readonly string[];
}

/**
 * Property tests for every source, with generated answers: reading never throws, returns the same IDs when repeated, and leaks no
 * secret into an event.
 */
export function sourceTests(
  source: Source,
  tools: Pick<TestTools, 'describe' | 'it'>,
  options: PropertyOptions = {},
): void {
  const settings = withSample(source, { ...sampleSettings(source.settings), ...options.settings });
  tools.describe(`${source.name}: whatever the answer`, () => {
    for (const stream of Object.keys(source.streams)) {
      tools.it(`"${stream}" is read without an error, alike each time, and with no secret in it`, () =>
        fc.assert(
          fc.asyncProperty(fc.array(answer, { maxLength: 4 }), async (answers) => {
            const last = { status: 503, text: `Bad key ${SAMPLE_SECRET}` };
            const read = () =>
              createTestSource(source, { settings, answers: [...answers, last] }).read(stream, {
                from: '2026-01-01T00:00:00.000Z',
              });
            const [once, again] = [await read(), await read()];
            const { failure } = once.status;
            ok(failure?.code !== 'source_failed', `${stream}: ${failure?.message}`);
            deepStrictEqual(idsOf(again.events), idsOf(once.events));
            ok(!JSON.stringify(once.events).includes(SAMPLE_SECRET), 'An event has a secret in it.');
          }),
          runsOf(options),
        ),
      );
    }
    if (source.webhook === undefined) return;
    tools.it('no request makes the webhook throw', () =>
      fc.assert(
        fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
          const { refused } = await createTestSource(source, { settings }).receive({ body });
          const thrown = refused.flatMap(({ issues }) => issues).find(({ code }) => code === 'source_failed');
          ok(thrown === undefined, thrown?.message);
        }),
        runsOf(options),
      ),
    );
  });
}

/**
 * Property tests for every processor, with generated events and pauses: it never fails, changes neither state nor event, and derives
 * the same events when its process restarts after every step.
 */
export function processorTests(
  processor: Processor,
  tools: Pick<TestTools, 'describe' | 'it'>,
  options: ProcessorPropertyOptions = {},
): void {
  const settings = { ...sampleSettings(processor.settings), ...options.settings };
  const names = options.events ?? testEventNames;
  const each = (name: string, holds: (steps: readonly Step[]) => Promise<void>): void => {
    tools.it(name, () =>
      fc.assert(fc.asyncProperty(fc.array(stepOf(names), { maxLength: 12 }), holds), runsOf(options)),
    );
  };
  tools.describe(`${processor.name}: whatever the events`, () => {
    each('it fails at none, and changes neither state nor event', async (steps) => {
      const { failures } = await derivedOf(frozen(processor), settings, steps, false);
      deepStrictEqual(failures, []);
    });
    each('it derives the same when its process ends after every step', async (steps) => {
      const whole = await derivedOf(processor, settings, steps, false);
      const cut = await derivedOf(processor, settings, steps, true);
      deepStrictEqual(cut.events, whole.events);
    });
  });
}

interface Step {
  readonly name: string;
  readonly user: string;
  /** Milliseconds after the previous step. */
  readonly pause: number;
}

function stepOf(names: readonly string[]): fc.Arbitrary<Step> {
  return fc.record({
    name: fc.constantFrom(...names),
    user: fc.constantFrom('user-1', 'user-2'),
    pause: fc.oneof(fc.constant(0), fc.nat(5_000), fc.nat(7 * 86_400_000)),
  });
}

async function derivedOf(
  processor: Processor,
  settings: Readonly<Record<string, unknown>>,
  steps: readonly Step[],
  restarts: boolean,
): Promise<{ readonly events: readonly Event[]; readonly failures: readonly unknown[] }> {
  const under = await createTestProcessor(processor, { settings });
  try {
    const events: Event[] = [];
    for (const [at, { name, user, pause }] of steps.entries()) {
      events.push(...(await under.advance(pause)));
      if (restarts) await under.restart();
      events.push(...(await under.send(createTestEvent(name, { messageId: `step-${at}`, userId: user }))));
    }
    events.push(...(await under.advance(400 * 86_400_000)));
    return { events, failures: under.failures };
  } finally {
    await under.stop();
  }
}

/** The processor with frozen inputs. */
function frozen(processor: Processor): Processor {
  const { process, wake } = processor;
  return {
    ...processor,
    process: (state, event, context) => process(freeze(state), freeze(event), freeze(context)),
    ...(wake === undefined
      ? {}
      : { wake: (state, timer, context) => wake(freeze(state), freeze(timer), freeze(context)) }),
  };
}

function idsOf(events: readonly Event[]): readonly string[] {
  return events.map(({ messageId }) => messageId);
}

function runsOf({ runs, seed }: PropertyOptions): { numRuns: number; seed?: number } {
  return { numRuns: runs ?? 50, ...(seed === undefined ? {} : { seed }) };
}
