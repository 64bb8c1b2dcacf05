/* The destination: a local Iterable without limits, which records the latency of live events. */
import { createSandbox } from '@waybill/iterable-sandbox';

const sandbox = await createSandbox({ projectType: 'hybrid', limits: false, keepEvents: 'counts' });
let waits: number[] = [];
const { eventCounts } = sandbox.project;
const set = eventCounts.set.bind(eventCounts);
eventCounts.set = (id, count) => {
  // The ID of a live event begins with the time at which it was sent.
  if (/^\d{13} /.test(id)) waits.push(Date.now() - Number(id.slice(0, 13)));
  return set(id, count);
};
process.on('message', () => {
  process.send!(waits);
  waits = [];
});
process.send!({ url: sandbox.url });
