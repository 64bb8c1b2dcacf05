/* A local shop with a past: `shop.ts <orders>`. Tells the processor seconds it took. */
import { createShopSandbox } from '@waybill/shop-sandboxes';

const shop = await createShopSandbox({
  platform: 'bigcommerce',
  backlog: Number(process.argv[2]),
  limits: false,
});
process.send!({ url: shop.url, settings: shop.settings });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!((user + system) / 1e6);
});
