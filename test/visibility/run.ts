/**
 * Has several processes append to one PostgreSQL log while readers follow it, and checks that none of them skips a position.
 *
 *     npm run visibility -- --events 1000000 --writers 4 --partitions 4
 */
import { parseArgs } from 'node:util';
import { checkVisibility } from './visibility.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    writers: { type: 'string', default: '4' },
    partitions: { type: 'string', default: '4' },
    delay: { type: 'string', default: '50' },
  },
});
const [events, writers, partitions, delay] = [
  values.events,
  values.writers,
  values.partitions,
  values.delay,
].map(Number) as [number, number, number, number];
const seen = await checkVisibility({ events, writers, partitions, delay });
const passed = seen.passedOver.flat();
console.log(`${seen.events} events of ${writers} processes in ${partitions} partitions, ${Math.round(seen.seconds)} s
passed over: ${passed.length}
out of order: ${seen.outOfOrder}
reads that waited for a commit while later positions were there: ${seen.heldBack}`);
process.exit(passed.length + seen.outOfOrder === 0 && seen.events === events ? 0 : 1);
