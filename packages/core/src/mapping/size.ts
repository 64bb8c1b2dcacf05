import { jsonBytes } from '../event/utf8.ts';
import { MappingEvaluationError } from './errors.ts';
import type { Plan } from './plan.ts';

/** Bytes of JSON that a payload may have. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** What an item of a list costs at least: one that is empty takes memory too. */
const SMALLEST_ITEM = 8;

/** Bytes that the evaluation under way has made; an evaluation never waits, so there is one at a time. */
let made = 0;

/** Begins to count what an evaluation makes. */
export function startMeter(): void {
  made = 0;
}

/** Counts bytes that are about to be made; throws before there are more than a payload may have. */
export function spend(bytes: number): void {
  made += bytes;
  if (made > MAX_PAYLOAD_BYTES) throw tooLarge();
}

/** Counts a value that was just made; text by its length, which is quick and never too much. */
export function spendOn(value: unknown): void {
  if (typeof value === 'string') spend(value.length + 2);
  else spend(jsonBytes(value, MAX_PAYLOAD_BYTES - made));
}

/** The failure of a payload that has more bytes than it may. */
export function tooLarge(): MappingEvaluationError {
  const message = `The payload would have more than ${MAX_PAYLOAD_BYTES} bytes.`;
  return new MappingEvaluationError('', message, 'payload_too_large');
}

/** Bytes that every item of a shape takes at least, known before any is made. */
export function itemCost(shape: Plan): number {
  return Math.max(SMALLEST_ITEM, leastBytes(shape));
}

/** Whether a plan makes lists of the event's: only those can make much of little. */
export function makesLists(plan: Plan): boolean {
  if (plan.kind === 'each') return true;
  const asked = plan.kind === 'call' ? plan.args : plan.kind === 'choose' ? [plan.of] : [];
  return asked.some(makesLists) || partsOf(plan).some(makesLists);
}

/** Whether what a shape makes can be longer than what it reads, so that each item must be inspected. */
export function mustMeasure(shape: Plan): boolean {
  return shape.kind === 'call' || partsOf(shape).some(mustMeasure);
}

/** The plans of which a plan puts its value together. */
function partsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'object':
      return plan.members.map(([, part]) => part);
    case 'list':
      return plan.items;
    case 'text':
      return plan.parts.filter((part) => typeof part !== 'string');
    case 'choose':
      return [plan.yes, plan.no];
    case 'first':
      return plan.of;
    case 'within':
      return [plan.scope, plan.body];
    case 'event':
      return [plan.body];
    default:
      return [];
  }
}

function leastBytes(plan: Plan): number {
  switch (plan.kind) {
    case 'constant':
      return plan.value === undefined ? 0 : jsonBytes(plan.value);
    case 'object':
      return plan.members.reduce((sum, [key, part]) => {
        const bytes = leastBytes(part);
        // What may be missing is left out with its name.
        return bytes === 0 ? sum : sum + key.length + 4 + bytes;
      }, 2);
    case 'list':
      return plan.items.reduce((sum, part) => sum + 1 + leastBytes(part), 2);
    case 'text':
      return plan.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 2);
    case 'choose':
      return Math.min(leastBytes(plan.yes), leastBytes(plan.no));
    case 'event':
    case 'within':
      return leastBytes(plan.body);
    default:
      return 0;
  }
}
