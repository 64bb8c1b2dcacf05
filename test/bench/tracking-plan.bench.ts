import { Ajv } from 'ajv';
import { compileTrackingPlan, type Event, type PlanRule, type TrackingPlan } from '@waybill/core';

/*
 * The cost of a tracking plan of 500 events per event, beyond the check of its own schema: CPU time of both over the same events,
 * alternating, so that other load affects both.
 */

const EVENTS = 500;
const ROUNDS = 40;
const EACH = 100_000;

const rules: readonly PlanRule[] = Array.from({ length: EVENTS }, (_, index) => ({
  type: 'track',
  event: `Event ${index}`,
  schema: {
    type: 'object',
    properties: {
      properties: {
        type: 'object',
        properties: {
          order_id: { type: 'string' },
          total: { type: 'number', minimum: 0 },
          currency: { type: 'string', pattern: '^[A-Z]{3}$' },
          [`member_${index}`]: { type: 'boolean' },
        },
        required: ['order_id', 'total'],
        additionalProperties: false,
      },
    },
    required: ['properties'],
  },
}));
const plan: TrackingPlan = {
  rules,
  unplannedEvents: 'block',
  unplannedProperties: 'omit',
  invalidValues: 'block',
};
const events = rules.map(
  ({ event }, index) =>
    ({
      type: 'track',
      event,
      messageId: `m${index}`,
      properties: { order_id: `o${index}`, total: index, currency: 'EUR', [`member_${index}`]: true },
    }) as unknown as Event,
);

const judge = compileTrackingPlan(plan);
const ajv = new Ajv({ strict: false, strictNumbers: true, validateSchema: false, code: { optimize: false } });
const checks = rules.map(({ schema }) => ajv.compile(schema));

/** Microseconds of processor time for each event. */
function cost(work: (index: number) => void): number {
  const began = process.cpuUsage();
  for (let at = 0; at < EACH; at += 1) work(at % EVENTS);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / EACH;
}

const spent = { planned: [] as number[], own: [] as number[] };
let clean = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  spent.planned.push(cost((at) => void (judge(events[at]!) === undefined && (clean += 1))));
  spent.own.push(cost((at) => void (checks[at]!(events[at]) && (clean += 1))));
}
if (clean !== 2 * ROUNDS * EACH) throw new Error('An event did not follow its rule.');
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
const [planned, own] = [median(spent.planned), median(spent.own)];
console.log(
  `plan of ${EVENTS} events: ${planned.toFixed(3)} us an event; its own schema alone: ${own.toFixed(3)} us; beyond that ${(planned - own).toFixed(3)} us (ratio ${(planned / own).toFixed(2)})`,
);
