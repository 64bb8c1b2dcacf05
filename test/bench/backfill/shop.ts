/*
 * A local shop with historical orders and a latency in milliseconds: `shop.ts <orders> <latency>`. Reports its CPU seconds, and the
 * number of orders with their amount in cents.
 */
import { createShopSandbox } from '@waybill/shop-sandboxes';

const [backlog, delayMs] = process.argv.slice(2).map(Number);
const shop = await createShopSandbox({
  platform: 'bigcommerce',
  backlog: backlog!,
  limits: false,
  faults: delayMs! > 0 ? { calls: [{ kind: 'slow', delayMs: delayMs! }] } : {},
});
process.send!({ url: shop.url, settings: shop.settings });
const PART = 1_000;
process.on('message', (message: 'cpu' | 'orders') => {
  if (message === 'orders') {
    const all = shop.model.tables.order.between('id');
    let total = 0;
    // They are generated on demand: all of them would take gigabytes.
    for (let at = 0; at < all.length; at += PART)
      for (const one of all.slice(at, Math.min(all.length, at + PART))) total += one.total;
    process.send!({ rows: all.length, total });
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send!((user + system) / 1e6);
});
