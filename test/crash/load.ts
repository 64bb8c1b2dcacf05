import { between } from './dice.ts';

/** What the sender knows of one user: everything that was acknowledged, in the order in which it was sent. */
export interface UserRecord {
  readonly userId: string;
  readonly sent: SentEvent[];
}

/** One event that was acknowledged. */
export interface SentEvent {
  readonly seq: number;
  readonly kind: 'identify' | 'track' | 'cart' | 'order';
  /** The messageId, or the order id of an order. */
  readonly id: string;
}

/** A running load; it ends when it is stopped and everything it sent is acknowledged. */
export interface Load {
  readonly users: readonly UserRecord[];
  readonly counts: { acknowledged: number; requests: number; resent: number; again: number };
  /** Ends with the load; rejected as soon as the server refuses an event. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** How the load is made. */
export interface LoadInput {
  /** The address of the server at this moment. */
  readonly url: () => string | undefined;
  readonly dice: () => number;
  readonly writers: number;
  readonly usersPerWriter: number;
  /** The longest pause of a writer between two batches, in milliseconds. */
  readonly pause: number;
  /** The most events of a batch. */
  readonly batch: number;
}

/** Writers that each own some users and send a batch again until it is acknowledged, before they send the next. */
export function startLoad(input: LoadInput): Load {
  const users: UserRecord[] = [];
  const counts = { acknowledged: 0, requests: 0, resent: 0, again: 0 };
  let stopping = false;

  const writer = async (mine: readonly UserRecord[]): Promise<void> => {
    const next = new Map(mine.map((user) => [user.userId, 0]));
    while (!stopping) {
      const batch = Array.from({ length: between(input.dice, 1, input.batch) }, () => {
        const user = mine[between(input.dice, 0, mine.length - 1)]!;
        const seq = next.get(user.userId)! + 1;
        next.set(user.userId, seq);
        return { user, ...makeEvent(user.userId, seq, input.dice) };
      });
      const body = JSON.stringify({ batch: batch.map(({ event }) => event) });
      await deliver(body);
      for (const { user, sent } of batch) user.sent.push(sent);
      counts.acknowledged += batch.length;
      if (input.dice() < 0.05) {
        // A client that did not read the answer sends what was taken once more.
        counts.again += 1;
        await deliver(body);
      }
      await sleep(input.dice() * input.pause);
    }
  };
  const deliver = async (body: string): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      counts.requests += 1;
      if (tries > 0) counts.resent += 1;
      if (await post(input.url(), body)) return;
      await sleep(10 + input.dice() * 40);
    }
  };

  const writers = Array.from({ length: input.writers }, (_one, number) => {
    const mine = Array.from({ length: input.usersPerWriter }, (_two, index): UserRecord => {
      return { userId: `w${number}-u${index}`, sent: [] };
    });
    users.push(...mine);
    return writer(mine);
  });
  const ended = Promise.all(writers);
  return {
    users,
    counts,
    ended,
    async stop() {
      stopping = true;
      await ended;
    },
  };
}

function makeEvent(userId: string, seq: number, dice: () => number): { event: object; sent: SentEvent } {
  const roll = dice();
  const messageId = `${userId}-${seq}`;
  const base = { messageId, userId };
  const products = [{ product_id: `p${seq}`, name: 'Shirt', price: 9.5, quantity: 1 + (seq % 5) }];
  if (roll < 0.3) {
    const event = { ...base, type: 'identify', traits: { seq, plan: `plan-${seq}` } };
    return { event, sent: { seq, kind: 'identify', id: messageId } };
  }
  if (roll < 0.84) {
    const event = { ...base, type: 'track', event: 'Product Viewed', properties: { seq } };
    return { event, sent: { seq, kind: 'track', id: messageId } };
  }
  const context = { traits: { seq } };
  if (roll < 0.92) {
    const event = { ...base, context, type: 'track', event: 'Cart Updated', properties: { products } };
    return { event, sent: { seq, kind: 'cart', id: messageId } };
  }
  const order = { seq, order_id: `order-${messageId}`, total: 9.5, products };
  const event = { ...base, context, type: 'track', event: 'Order Completed', properties: order };
  return { event, sent: { seq, kind: 'order', id: order.order_id } };
}

/** True when every event of the batch was acknowledged; a refused event is a fault of the test and throws. */
async function post(url: string | undefined, body: string): Promise<boolean> {
  if (url === undefined) return false;
  let status: number;
  let text: string;
  try {
    const answer = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('demo:')}` },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    status = answer.status;
    text = await answer.text();
  } catch {
    return false;
  }
  if (status === 200 && text === '{"success":true}') return true;
  if (status === 429 || status >= 500) return false;
  throw new Error(`The server answered ${status}: ${text}`);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
