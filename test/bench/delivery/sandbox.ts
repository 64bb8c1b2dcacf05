/* The destination: a local Iterable without limits, which notes how long each event was under way. */
import { createSandbox } from '@waybill/iterable-sandbox';

const sandbox = await createSandbox({ projectType: 'hybrid', limits: false, keepEvents: 'counts' });
let waits: number[] = [];
let measure = false;
const { eventCounts } = sandbox.project;
const set = eventCounts.set.bind(eventCounts);
eventCounts.set = (id, count) => {
  // The id begins with the time at which the event was sent.
  if (measure) waits.push(Date.now() - Number(id.slice(0, 13)));
  return set(id, count);
};
process.on('message', (message: 'count' | 'measure' | 'waits') => {
  if (message === 'count')
    process.send!({ count: sandbox.project.eventCount + sandbox.project.purchases.size });
  else if (message === 'measure') {
    waits = [];
    measure = true;
  } else {
    waits.sort((a, b) => a - b);
    const at = (share: number): number => waits[Math.floor((waits.length - 1) * share)] ?? Number.NaN;
    process.send!({ events: waits.length, p50: at(0.5), p99: at(0.99), max: at(1) });
    measure = false;
  }
});
process.send!({ url: sandbox.url });
