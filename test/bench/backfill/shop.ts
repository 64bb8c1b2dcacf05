/* A local shop with a past: `shop.ts <orders>`. */
import { createShopSandbox } from '@waybill/shop-sandboxes';

const shop = await createShopSandbox({
  platform: 'bigcommerce',
  backlog: Number(process.argv[2]),
  limits: false,
});
process.send!({ url: shop.url, settings: shop.settings });
