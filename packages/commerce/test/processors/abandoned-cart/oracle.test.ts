import { describe, expect, it } from 'vitest';
import { abandonedCart } from '@waybill/commerce';
import { simulateProcessor } from '@waybill/testing';
import { BEGIN, eventOf, randomHistory, TICK } from './histories.ts';
import { type History, oracle, type OracleSettings, type Sent } from './oracle.ts';

/** Random histories; more with WAYBILL_HISTORIES. */
const HISTORIES = Number(process.env['WAYBILL_HISTORIES'] ?? 200);
/** The minutes of a tick. */
const SPAN = 10;

function settingsOf({ shop, visitors, consent, minimum, ...times }: OracleSettings) {
  return {
    steps: times.steps.map((ticks) => ticks * SPAN),
    abandonedBy: shop ? 'shop' : 'change',
    visitors,
    channel: consent ? 'email' : 'none',
    minimumValue: minimum,
    latest: times.latest * SPAN,
    endAfter: times.endAfter * SPAN,
    settle: times.settle * SPAN,
  };
}

/** What the processor sends, with a server that is sometimes down. */
function sentBy({ events, down, end, settings }: History): readonly Sent[] {
  const simulation = simulateProcessor(abandonedCart, settingsOf(settings));
  const arrivals = Map.groupBy(events, ({ arrives }) => arrives);
  for (let tick = 0; tick <= end; tick += 1) {
    if (down.some(([from, to]) => tick >= from && tick < to)) continue;
    const at = BEGIN + tick * TICK;
    simulation.advance(at);
    for (const event of arrivals.get(tick) ?? []) simulation.receive(eventOf(event), at);
  }
  expect(simulation.failures).toEqual([]);
  return simulation.derived.map(({ event, receivedAt, properties = {} }) => {
    const tickOf = (time: unknown): number => (Date.parse(String(time)) - BEGIN) / TICK;
    const products = (properties['products'] ?? []) as readonly { product_id: string; quantity: number }[];
    const isStep = event === 'Abandoned Cart Step';
    return {
      at: tickOf(receivedAt),
      cart: String(properties['cart_id'] ?? ''),
      what: (isStep ? properties['step'] : properties['reason']) as number | string,
      leftAt: tickOf(properties['abandoned_at']),
      ...(isStep
        ? { has: Object.fromEntries(products.map((one) => [one.product_id, one.quantity]).sort()) }
        : {}),
    };
  });
}

function inOrder(sent: readonly Sent[]): readonly Sent[] {
  const rank = ({ at, ...rest }: Sent): string => `${String(at).padStart(6)} ${JSON.stringify(rest)}`;
  return sent.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

describe('carts of random users, with a server that is down for hours', () => {
  const first = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 1e9));
  it(
    `have the reminders that an oracle works out of the whole history (seeds from ${first})`,
    () => {
      let steps = 0;
      for (let seed = first; seed < first + HISTORIES; seed += 1) {
        const history = randomHistory(seed);
        const expected = inOrder(oracle(history));
        steps += expected.length;
        expect([seed, inOrder(sentBy(history))]).toEqual([seed, expected]);
      }
      expect(steps).toBeGreaterThan(HISTORIES / 2);
    },
    60_000 + HISTORIES * 100,
  );
});
