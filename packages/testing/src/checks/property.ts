import { ok, strictEqual } from 'node:assert/strict';
import { defaultMapping, type Destination, type Event, type Fields, type MappingConfig } from '@waybill/core';
import { secretsIn } from '@waybill/delivery';
import fc from 'fast-check';
import { createTestDestination, type TestItem, type TestRun } from '../destination.ts';
import { createTestEvent, testEventNames } from '../event/create.ts';
import type { CannedAnswer } from '../http/canned.ts';
import type { TestTools } from '../runner.ts';
import { SAMPLE_SECRET, sampleSettings, sampleValues } from '../sample.ts';

/** The codes for exceptions and invalid outcomes. */
const BUGS = new Set<string>(['destination_bug', 'action_outcome_invalid', 'action_value_invalid']);

/** Options of property tests. */
export interface PropertyOptions {
  /** Valid settings; sample values for the required ones when absent. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Runs per property; 100 when absent. */
  readonly runs?: number;
  /** The seed, to repeat a run. */
  readonly seed?: number;
}

/**
 * Property tests for every destination, with generated events and answers: an action never throws, returns one outcome per item,
 * never counts a failed call as delivered, changes no event, and leaks no secret into the record.
 */
export function propertyTests(
  destination: Destination,
  tools: Pick<TestTools, 'describe' | 'it'>,
  options: PropertyOptions = {},
): void {
  const settings = withSample(destination, { ...sampleSettings(destination.settings), ...options.settings });
  const each = (name: string, holds: (tried: Tried) => void): void => {
    tools.it(name, () =>
      fc.assert(
        fc.asyncProperty(situation, async (one) => holds(await attempt(destination, settings, one))),
        { numRuns: options.runs ?? 100, ...(options.seed === undefined ? {} : { seed: options.seed }) },
      ),
    );
  };
  tools.describe(`${destination.name}: whatever the event and the answer`, () => {
    each('no action throws', ({ run }) => {
      const bug = run.items.find(({ outcome }) => 'code' in outcome && BUGS.has(outcome.code));
      ok(bug === undefined, bug === undefined ? '' : `${bug.action}: ${messageOf(bug)}`);
    });
    each('every item has one outcome', ({ run }) => {
      for (const { items } of run.events) {
        ok(items.every((item) => item !== undefined && item.outcome !== undefined));
        strictEqual(new Set(items.map(({ mapping }) => mapping)).size, items.length);
      }
    });
    each('an item whose calls all failed is not delivered', ({ run }) => {
      const wrong = run.items.find(
        ({ outcome, requests }) =>
          outcome.status === 'delivered' && requests.length > 0 && requests.every(failed),
      );
      ok(wrong === undefined, `${wrong?.action}: delivered, although no call worked.`);
    });
    each('no event is changed', ({ before, after }) => strictEqual(after, before));
    each('no secret gets into a record', ({ run }) => {
      const record = JSON.stringify([run.requests, run.items.map(({ outcome }) => outcome)]);
      ok(!TRACES.some((trace) => record.includes(trace)), 'A record has a secret in it.');
    });
  });
}

/** Uses the sample secret for every secret, so that it is recognisable. */
export function withSample(
  { settings: fields }: { readonly settings: Fields },
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isSecret = (name: string): boolean => fields[name]?.type === 'password';
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, isSecret(name) ? SAMPLE_SECRET : value]),
  );
}

interface Tried {
  readonly run: TestRun;
  /** The serialised events, before and after. */
  readonly before: string;
  readonly after: string;
}

interface Situation {
  readonly events: readonly Event[];
  readonly answers: readonly CannedAnswer[];
}

async function attempt(
  destination: Destination,
  settings: Readonly<Record<string, unknown>>,
  { events, answers }: Situation,
): Promise<Tried> {
  // Answers echo the settings, as careless services do: they must not reach the record either.
  const words = secretsIn(destination.settings, settings).join(' ');
  const last: CannedAnswer = { status: 400, text: `Bad key ${words}` };
  const under = createTestDestination(destination, {
    settings,
    mappings: mappingsFor(destination),
    answers: [...answers, last],
  });
  const before = JSON.stringify(events);
  const run = await under.run(events.map(freeze));
  return { run, before, after: JSON.stringify(events) };
}

/** Every action twice: with its defaults, and with a sample value in every field. */
function mappingsFor(destination: Destination): readonly MappingConfig[] {
  return Object.entries(destination.actions)
    .flatMap(([action, { fields }]) => [
      { id: `${action}-defaults`, action, trigger: ANY, mapping: defaultMapping(fields) },
      { id: `${action}-full`, action, trigger: ANY, mapping: sampleValues(fields, 'full') },
    ])
    .slice(0, destination.maxMappings);
}

const ANY = 'type != "none"';

/** Generates possible answers of a service. */
export const answer: fc.Arbitrary<CannedAnswer> = fc.oneof(
  fc.record({ times: fc.constant(1), status: fc.constantFrom(200, 201, 202, 204), json: fc.jsonValue() }),
  fc.record({
    times: fc.constant(1),
    status: fc.constantFrom(200, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503),
    json: fc.jsonValue(),
    headers: fc.constantFrom({}, { 'retry-after': '30' }, { 'retry-after': 'soon' }),
  }),
  fc.record({
    times: fc.constant(1),
    status: fc.constantFrom(200, 502),
    text: fc.constantFrom('', '<html>', '{"half":', 'null', '[]'),
  }),
  fc.record({ times: fc.constant(1), failure: fc.constantFrom('timeout' as const, 'unreachable' as const) }),
);

/** Ordinary events with members replaced by anything. */
const event: fc.Arbitrary<Event> = fc
  .record({
    name: fc.oneof(fc.constantFrom(...testEventNames), fc.string()),
    id: fc.uuid(),
    userId: fc.option(fc.oneof(fc.constantFrom('user-1', 'user-2'), fc.string({ minLength: 1 })), {
      nil: undefined,
    }),
    odd: fc.dictionary(fc.constantFrom('email', 'products', 'price', 'name', 'phone', 'x'), fc.jsonValue(), {
      maxKeys: 3,
    }),
  })
  .map(({ name, id, userId, odd }) => {
    const made = createTestEvent(name, { messageId: id, userId });
    const key = made.traits === undefined ? 'properties' : 'traits';
    return { ...made, [key]: { ...made[key], ...odd } };
  });

const situation: fc.Arbitrary<Situation> = fc.record({
  events: fc.array(event, { minLength: 1, maxLength: 4 }),
  answers: fc.array(answer, { maxLength: 6 }),
});

/** The secret in plain text, in hexadecimal, and inside base64 of a longer string, at each alignment. */
const TRACES: readonly string[] = [
  SAMPLE_SECRET,
  Buffer.from(SAMPLE_SECRET).toString('hex'),
  ...['', 'x', 'xx'].map((before) =>
    Buffer.from(before + SAMPLE_SECRET)
      .toString('base64')
      .slice(before === '' ? 0 : 4, -4),
  ),
];

function failed(request: TestItem['requests'][number]): boolean {
  const status = request.response?.status;
  return status === undefined || status >= 500 || status === 401 || status === 429;
}

function messageOf({ outcome }: TestItem): string {
  return 'message' in outcome ? outcome.message : outcome.status;
}

/** Deep-freezes a value. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}
