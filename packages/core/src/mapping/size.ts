import { jsonBytes } from '../event/utf8.ts';
import { MappingEvaluationError } from './errors.ts';
import type { Plan } from './plan.ts';

/** The maximum size of a payload, in bytes of JSON. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** The minimum cost of an item of a list: an empty one takes memory too. */
const SMALLEST_ITEM = 8;

/** Bytes of the current evaluation; evaluations are synchronous, so there is one at a time. */
let made = 0;

/** Starts counting the bytes of an evaluation. */
export function startMeter(): void {
  made = 0;
}

/** Counts bytes before they are allocated; throws above the maximum size of a payload. */
export function spend(bytes: number): void {
  made += bytes;
  if (made > MAX_PAYLOAD_BYTES) throw tooLarge();
}

/** Counts a new value; a string by its length, which is fast and never too much. */
export function spendOn(value: unknown): void {
  if (typeof value === 'string') spend(value.length + 2);
  else spend(jsonBytes(value, MAX_PAYLOAD_BYTES - made));
}

/** The failure for a payload that is too large. */
export function tooLarge(): MappingEvaluationError {
  const message = `The payload would have more than ${MAX_PAYLOAD_BYTES} bytes.`;
  return new MappingEvaluationError('', message, 'payload_too_large');
}

/** The minimum bytes of each item of a shape, known in advance. */
export function itemCost(shape: Plan): number {
  return Math.max(SMALLEST_ITEM, leastBytes(shape));
}

/** Whether a plan creates lists from those of the event: only they can multiply a small event. */
export function makesLists(plan: Plan): boolean {
  if (plan.kind === 'each') return true;
  const asked = plan.kind === 'call' ? plan.args : plan.kind === 'choose' ? [plan.of] : [];
  return asked.some(makesLists) || partsOf(plan).some(makesLists);
}

/** Whether the result of a shape can be longer than what it reads, so that each item must be measured. */
export function mustMeasure(shape: Plan): boolean {
  return shape.kind === 'call' || partsOf(shape).some(mustMeasure);
}

/** The plans whose values a plan combines. */
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
        // An absent member is left out with its name.
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
