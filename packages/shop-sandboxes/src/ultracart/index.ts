import {
  answer,
  type PlatformView,
  type ShopAnswer,
  type ShopPlatform,
  type ShopRequest,
  type ViewContext,
} from '../frame/index.ts';
import { Quota } from './limits.ts';
import { failure, routesOf } from './routes.ts';
import { deliveriesOf, type Webhook } from './webhooks.ts';

const KEY = 'sandbox-simple-key';
const LOGIN = { basic_username: 'waybill', basic_password: 'sandbox-webhook-password' };
/** UltraCart's retries are not published. */
const RETRIES = [60_000, 300_000, 900_000, 3_600_000];

/** A merchant at UltraCart. */
export const ultracart: ShopPlatform = {
  slug: 'ultracart',
  name: 'UltraCart',
  traits: { edits: 'inPlace', silent: ['stock'] },
  open,
};

function open(context: ViewContext): PlatformView {
  const webhooks = new Map<number, Webhook>();
  const { webhookUrl } = context;
  if (webhookUrl !== undefined)
    webhooks.set(1, { webhook_oid: 1, webhook_url: webhookUrl, disabled: false, ...LOGIN });
  const routes = routesOf(context);
  const quota = new Quota(context.now, context.limits);
  return {
    get settings() {
      const webhookPassword = LOGIN.basic_password;
      return { apiUrl: `${context.url()}/rest/v2`, apiKey: KEY, currency: 'EUR', webhookPassword };
    },
    retries: RETRIES,
    handle: (request) => {
      if (request.headers['x-ultracart-simple-key'] !== KEY) return failure(401, 'Invalid API key');
      const over = quota.take();
      if (over !== undefined) return failure(429, over);
      return answerTo(request);
    },
    deliveriesOf: (change) => deliveriesOf(change, [...webhooks.values()], context),
    failure: (status) => failure(status, `Error ${status}`),
  };

  function answerTo(request: ShopRequest): ShopAnswer {
    const path = request.path.replace(/^\/rest\/v2\//, '');
    if (path.startsWith('webhook/webhooks')) return webhookAnswer(request, path);
    for (const [pattern, handler] of routes) {
      const found = pattern.exec(`${request.method} ${path}`);
      if (found !== null) return handler(request, found.slice(1).map(decodeURIComponent));
    }
    return failure(404, 'No such resource');
  }

  function webhookAnswer({ method, body }: ShopRequest, path: string): ShopAnswer {
    const oid = Number(path.split('/')[2] ?? webhooks.size + 1);
    if (method === 'GET') {
      const shown = [...webhooks.values()].map(({ basic_password: _hidden, ...hook }) => hook);
      return answer({ success: true, webhooks: shown });
    }
    if (method === 'PUT' && !webhooks.has(oid)) return failure(404, 'Webhook not found');
    const sent = JSON.parse(body) as Webhook;
    webhooks.set(oid, { ...sent, webhook_oid: oid, disabled: sent.disabled === true });
    return answer({ success: true, webhook: { webhook_oid: oid, webhook_url: sent.webhook_url } });
  }
}
