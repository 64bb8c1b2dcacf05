/*
 * A local shop with a past, which answers each call after some milliseconds: `shop.ts <orders> <latency>`. Tells the processor seconds it
 * took, and how many orders there are, of which amount in cents.
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
process.on('message', (message: 'cpu' | 'orders') => {
  if (message === 'orders') {
    const all = shop.model.tables.order.all();
    process.send!({ rows: all.length, total: all.reduce((sum, { total }) => sum + total, 0) });
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send!((user + system) / 1e6);
});
