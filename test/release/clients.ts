/** A program that sends ten events with three clients: the server clients of Segment and RudderStack, and plain HTTP. */
export const SENDER = `import { Analytics } from '@segment/analytics-node';
import Rudder from '@rudderstack/rudder-sdk-node';

const [url, name] = process.argv.slice(2);
const of = (client, index) => ({
  messageId: name + '-' + client + '-' + index,
  userId: 'ada',
  event: 'Product Viewed',
  properties: { product_id: 'P-' + index },
});
const segment = new Analytics({ writeKey: 'demo', host: url });
for (const index of [1, 2, 3, 4]) segment.track(of('segment', index));
await segment.closeAndFlush();

const rudder = new Rudder('demo', { dataPlaneUrl: url, gzip: false });
for (const index of [1, 2, 3]) rudder.track(of('rudder', index));
await new Promise((done) => rudder.flush(done));

const answer = await fetch(url + '/v1/batch', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Basic ' + btoa('demo:') },
  body: JSON.stringify({ batch: [1, 2, 3].map((index) => ({ type: 'track', ...of('http', index) })) }),
});
console.log('sent by Segment 4, by RudderStack 3, by HTTP 3: ' + answer.status);
process.exit(answer.ok ? 0 : 1);
`;

/** The packages of its clients. */
export const CLIENTS = ['@segment/analytics-node@3.1.0', '@rudderstack/rudder-sdk-node@3.0.13'];
