/*
 * Appends numbered events for many users, several batches at a time: `writer.ts <store> <name> <events>`. Ends when all are stored.
 */
import { openStores } from '@waybill/delivery';

const [store, name, count] = process.argv.slice(2) as [string, string, string];
const at = '2025-06-01T12:00:00.000Z';
const USERS = 5_000;
const BATCH = 20;
/** Batches that wait at the same time; the store puts those together that come while it commits. */
const APPENDS = 4;

const { log, close } = await openStores(store, { writes: ['log'], only: ['log'] });
let next = 0;
const total = Number(count);

async function append(): Promise<void> {
  while (next < total) {
    const numbers = Array.from({ length: Math.min(BATCH, total - next) }, (_one, index) => next + index);
    next += numbers.length;
    await log.append(
      numbers.map((n) => ({
        sourceId: 'shop',
        event: {
          type: 'track',
          event: 'Seen',
          messageId: `${name} ${n}`,
          userId: `user ${n % USERS}`,
          timestamp: at,
          receivedAt: at,
        },
      })),
    );
  }
}

await Promise.all(Array.from({ length: APPENDS }, append));
await close();
process.disconnect();
