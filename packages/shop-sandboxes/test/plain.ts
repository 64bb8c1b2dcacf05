import { createHash } from 'node:crypto';
import type { ShopPlatform } from '@waybill/shop-sandboxes';

/** A platform without quirks: plain orders, and a webhook for changes. */
export const plain: ShopPlatform = {
  slug: 'plain',
  name: 'Plain',
  traits: { edits: 'inPlace', silent: ['tracking'] },
  open: ({ model, webhookUrl, spoil, url }) => ({
    get settings() {
      return { apiUrl: url() };
    },
    retries: [5, 60_000],
    handle: ({ path }) => {
      if (path !== '/orders') return { status: 404, body: { message: 'Not here.' } };
      spoil('order', model.tables.order.all());
      return { status: 200, body: model.tables.order.all() };
    },
    deliveriesOf: ({ kind, what, id, seq }) =>
      webhookUrl === undefined
        ? []
        : [
            {
              id: String(seq),
              request: (at) => {
                const body = JSON.stringify({ kind, what, id });
                const signature = createHash('sha256').update(`${at}.${body}`).digest('hex');
                return { url: webhookUrl, headers: { signature, at: String(at) }, body };
              },
            },
          ],
    failure: (status) => ({ status, body: { message: `Plainly ${status}.` } }),
  }),
};
