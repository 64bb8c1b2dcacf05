import { common, type Reply } from '../model/errors.ts';
import type { Switches } from '../model/switches.ts';

/** The 400 for a bulk request with more items than the service accepts at once. */
export function tooManyItems(count: number, switches: Switches): Reply | undefined {
  if (switches.maxBulkItems === 'unlimited' || count <= Number(switches.maxBulkItems)) return undefined;
  return common(
    400,
    'BatchTooLarge',
    `Batch too large: ${count} items, at most ${switches.maxBulkItems} are allowed`,
  );
}

/** The answer to a body over the byte limit. */
export function tooManyBytes(bytes: number, limit: number, switches: Switches): Reply {
  const msg = `Request body of ${bytes} bytes is over the limit of ${limit} bytes`;
  return common(Number(switches.oversizeStatus), 'BatchTooLarge', msg);
}
