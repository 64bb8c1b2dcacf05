import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import { shops } from '@waybill/sources';
import {
  type CannedAnswers,
  createTestShop,
  type FakeClock,
  fakeClock,
  type TestShop,
  type WireRequest,
} from '@waybill/testing';
import { over } from './over.ts';

const KEY = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const REGION = 'eu-central-1';

interface Waiting {
  readonly id: string;
  readonly body: string;
  hidden: boolean;
}

/** A queue with the JSON protocol of Amazon SQS that only accepts requests signed with its key. */
const queue = {
  waiting: [] as Waiting[],
  asked: [] as string[],
  /** An error that is answered to this action. */
  fails: undefined as undefined | { readonly action: string; readonly status: number; readonly type: string },
};

const hmac = (key: string | Buffer, value: string): Buffer =>
  createHmac('sha256', key).update(value).digest();
const hex = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Whether a request is signed by the key, as Amazon describes Signature Version 4. */
function isSigned({ headers, method, url }: IncomingMessage, body: string): boolean {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/sqs\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    );
  if (given === null) return false;
  const [, id, day, region, names, signature] = given;
  const canonical = [
    ...[method, url, ''],
    ...names!.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', names, hex(body)],
  ].join('\n');
  const scope = `${day}/${REGION}/sqs/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n');
  const key = [day!, REGION, 'sqs', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${KEY.secret}`);
  return id === KEY.id && region === REGION && hmac(key, text).toString('hex') === signature;
}

function answerOf(action: string, asked: Readonly<Record<string, unknown>>): object {
  if (action === 'DeleteMessageBatch') {
    const gone = (asked['Entries'] as readonly { ReceiptHandle: string }[]).map((one) => one.ReceiptHandle);
    queue.waiting = queue.waiting.filter(({ id }) => !gone.includes(`handle of ${id}`));
    return { Successful: [], Failed: [] };
  }
  const given = queue.waiting.filter(({ hidden }) => !hidden).slice(0, Number(asked['MaxNumberOfMessages']));
  for (const one of given) one.hidden = true;
  const Messages = given.map(({ id, body: Body }) => ({
    MessageId: id,
    ReceiptHandle: `handle of ${id}`,
    Body,
  }));
  return given.length === 0 ? {} : { Messages };
}

const server = createServer((request, response) => {
  void (async () => {
    const body = await text(request);
    const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    queue.asked.push(action);
    const refused = isSigned(request, body) ? undefined : { status: 403, type: 'InvalidSignatureException' };
    const wrong = refused ?? (queue.fails?.action === action ? queue.fails : undefined);
    const answer =
      wrong === undefined
        ? answerOf(action, JSON.parse(body) as Record<string, unknown>)
        : { __type: `com.amazonaws.sqs#${wrong.type}`, message: 'No.' };
    response.writeHead(wrong?.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer));
  })();
});

let project: ShopSandbox;
let shop: TestShop;
let clock: FakeClock;
let url: string;
let sent = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  clock = fakeClock();
  project = await createShopSandbox({ platform: 'commercetools', limits: false, now: clock.now });
  shop = await reading();
});
afterAll(async () => {
  await shop.stop();
  await project.close();
  server.close();
});
beforeEach(() => Object.assign(queue, { waiting: [], asked: [], fails: undefined }));

const of = async (at: { readonly url: string }, call: WireRequest) =>
  (over(at) as Extract<CannedAnswers, (call: WireRequest) => unknown>)(call);

/** The source with the project and the queue; its initial content causes no events. */
async function reading(settings: object = {}): Promise<TestShop> {
  const keys = { awsAccessKeyId: KEY.id, awsSecretAccessKey: KEY.secret, awsRegion: REGION };
  const shop = createTestShop(
    shops.find(({ slug }) => slug === 'commercetools')!,
    {
      clock,
      settings: { ...project.settings, sqsQueueUrl: `${url}/123456789012/shop`, ...keys, ...settings },
      answers: async (call) => (await of(project, call)) ?? (await of({ url }, call)),
    },
  );
  await shop.sync();
  return shop;
}

/** Makes the subscription notify the queue of an order. */
function tell(wrap: (told: object) => object = (told) => told): string {
  const { model, day } = project;
  const cart = model.carts.begin(day.things.germany, [{ productId: day.things.mug }]);
  const place = { firstName: 'Kim', lastName: 'Kit', street: ['Street 1'], city: 'Berlin' };
  const billingAddress = { ...place, postalCode: '10117', country: 'DE' };
  model.carts.checkout(cart.id, { email: 'kim@example.com', billingAddress, shipping: 0 });
  const { uuid } = model.orders.place(cart.id);
  push(wrap({ notificationType: 'Message', projectKey: 'sandbox', resource: { typeId: 'order', id: uuid } }));
  return uuid;
}

function push(told: unknown): void {
  sent += 1;
  const body = typeof told === 'string' ? told : JSON.stringify(told);
  queue.waiting.push({ id: `m-${sent}`, body, hidden: false });
}

const ordersOf = (events: Awaited<ReturnType<TestShop['sync']>>): readonly unknown[] =>
  events.flatMap((one) =>
    one.type === 'track' && one.event === 'Order Completed' ? [one.properties?.['order_id']] : [],
  );
const feedOf = (shop: TestShop) =>
  shop.status().find(({ mode, stream }) => mode === 'feed' && stream === 'queue');

it('a queue of Amazon SQS is read within seconds, alone and behind a topic, and read messages are deleted', async () => {
  const told = [
    tell(),
    tell((one) => ({ Type: 'Notification', Message: JSON.stringify(one) })),
    tell((one) => ({ specversion: '1.0', data: one })),
  ];
  expect([...ordersOf(await shop.advance(10_000))].toSorted()).toEqual(told.toSorted());
  expect(queue.waiting).toEqual([]);
  expect(feedOf(shop)).not.toHaveProperty('failure');
});

it('more messages than fit in one answer are read at once', async () => {
  const told = Array.from({ length: 23 }, () => tell());
  expect([...ordersOf(await shop.advance(10_000))].toSorted()).toEqual(told.toSorted());
  expect([queue.waiting, queue.asked.filter((one) => one === 'DeleteMessageBatch').length]).toEqual([[], 3]);
});

it('nothing is deleted before its rows are durable: after a crash it arrives again, and reports nothing new', async () => {
  const order = tell();
  queue.fails = { action: 'DeleteMessageBatch', status: 500, type: 'InternalError' };
  expect(ordersOf(await shop.advance(10_000))).toEqual([order]);
  expect(queue.waiting).toHaveLength(1);
  await shop.restart();
  queue.fails = undefined;
  for (const one of queue.waiting) one.hidden = false;
  expect(ordersOf(await shop.advance(60_000))).toEqual([]);
  expect(queue.waiting).toEqual([]);
});

it('a message of another project, or an invalid one, stays in the queue and blocks nothing', async () => {
  push('not JSON');
  push({ projectKey: 'another', resource: { typeId: 'order', id: 'x' } });
  const order = tell();
  expect(ordersOf(await shop.advance(10_000))).toEqual([order]);
  expect(queue.waiting.map(({ body }) => body.slice(0, 8))).toEqual(['not JSON', '{"projec']);
});

it.each([
  ['AccessDeniedException', 'source_forbidden', 'sqs:ReceiveMessage'],
  ['QueueDoesNotExist', 'source_not_found', 'sqsQueueUrl'],
  ['ThrottlingException', 'source_rate_limited', 'ThrottlingException'],
] as const)('%s is reported with the remedy, and the lists are still read', async (type, code, says) => {
  queue.fails = { action: 'ReceiveMessage', status: 400, type };
  const order = tell();
  expect(ordersOf(await shop.advance(120_000))).toEqual([order]);
  expect(feedOf(shop)!.failure).toMatchObject({ code, message: expect.stringContaining(says) as string });
});

it('a wrong key is reported with the remedy', async () => {
  const wrong = await reading({ awsSecretAccessKey: 'wrong' });
  const message = expect.stringContaining('awsSecretAccessKey') as string;
  expect(feedOf(wrong)!.failure).toMatchObject({ code: 'source_unauthorized', message });
  await wrong.stop();
});
