import {
  answer,
  type Delivery,
  type PlatformView,
  type ShopAnswer,
  type ShopPlatform,
  type ShopRequest,
  type ViewContext,
} from '../frame/index.ts';
import { deliveriesOf, type Hook, RETRIES } from './hooks.ts';
import { Quota } from './limits.ts';
import { error3, list3 } from './lists.ts';
import { changeSubscriber, readers } from './routes.ts';

const STORE = {
  storeHash: 'sandbox',
  accessToken: 'sandbox-access-token',
  clientSecret: 'sandbox-client-secret',
};

/** The scopes of the initial webhook. */
const SCOPES = ['order', 'shipment', 'cart', 'customer', 'subscriber', 'product'].map(
  (name) => `store/${name}/*`,
);

/** A store at BigCommerce. */
export const bigcommerce: ShopPlatform = {
  slug: 'bigcommerce',
  name: 'BigCommerce',
  traits: { edits: 'inPlace', silent: ['refund', 'tracking', 'delivery', 'comment', 'consent', 'address'] },
  open,
};

function open(context: ViewContext): PlatformView {
  const base = (): string => `${context.url()}/stores/${STORE.storeHash}`;
  const quota = new Quota(context.now, context.limits);
  const routes = readers(context, base);
  const hooks = new Hooks(context);
  const sentBy = new WeakMap<Delivery, number>();
  return {
    get settings() {
      return { apiUrl: context.url(), ...STORE };
    },
    retries: RETRIES,
    handle: (request) => {
      const path = pathOf(request);
      if (path === undefined) return answer('Not Found', 404);
      if (request.headers['x-auth-token'] !== STORE.accessToken) return error3(401, 'Unauthorized');
      const { headers, isOver } = quota.take();
      const given = isOver ? error3(429, 'Too many requests') : answerTo(request, path);
      return { ...given, headers: { ...given.headers, ...headers } };
    },
    deliveriesOf: (change) =>
      deliveriesOf(change, hooks.all(), STORE).map(({ hook, delivery }) => {
        sentBy.set(delivery, hook);
        return delivery;
      }),
    gaveUp: (delivery) => hooks.switchOff(sentBy.get(delivery)),
    failure: (status) => error3(status, `Error ${status}`),
  };

  function answerTo(request: ShopRequest, path: string): ShopAnswer {
    if (/^v3\/hooks(\/\d+)?$/.test(path)) return hooks.answer(request, path);
    const [, subscriber] = /^v3\/customers\/subscribers\/(\d+)$/.exec(path) ?? [];
    if (request.method === 'PUT' && subscriber !== undefined)
      return changeSubscriber(context, Number(subscriber), request.body);
    if (request.method !== 'GET') return error3(405, 'Method not allowed');
    for (const [pattern, handler] of routes) {
      const found = pattern.exec(path);
      if (found !== null) return handler(request, found.slice(1));
    }
    return error3(404, 'Not Found');
  }
}

/** The path below the store; undefined for another store. */
function pathOf({ path }: ShopRequest): string | undefined {
  const start = `/stores/${STORE.storeHash}/`;
  return path.startsWith(start) ? path.slice(start.length).replace(/\/$/, '') : undefined;
}

/** The hooks of the store. */
class Hooks {
  readonly #hooks = new Map<number, Hook>();
  readonly #now: () => number;
  #next = 1;

  constructor({ now, webhookUrl }: ViewContext) {
    this.#now = now;
    if (webhookUrl === undefined) return;
    for (const scope of SCOPES) this.#add({ scope, destination: webhookUrl });
  }

  /** Returns all hooks. */
  all(): readonly Hook[] {
    return [...this.#hooks.values()];
  }

  /** Disables a hook whose calls failed for too long. */
  switchOff(id: number | undefined): void {
    const hook = this.#hooks.get(id ?? 0);
    if (hook !== undefined) this.#hooks.set(hook.id, { ...hook, is_active: false });
  }

  /** Answers requests about hooks. */
  answer({ method, query, body }: ShopRequest, path: string): ShopAnswer {
    const id = Number(path.split('/')[2] ?? 0);
    if (id === 0 && method === 'GET') return list3(this.all(), query, (rows) => rows.map(shown));
    const hook = this.#hooks.get(id);
    if (id !== 0 && hook === undefined) return error3(404, 'Not Found');
    if (method === 'GET') return answer({ data: shown(hook!), meta: {} });
    const sent = hookIn(body);
    const { scope = hook?.scope, destination = hook?.destination } = sent ?? {};
    if (sent === undefined || scope === undefined || destination === undefined || !isAllowed(destination))
      return error3(422, 'Unprocessable Entity', { destination: 'an HTTPS address on port 443' });
    if (method === 'POST' && id === 0)
      return answer({ data: shown(this.#add({ ...sent, scope, destination })), meta: {} });
    if (method !== 'PUT' || hook === undefined) return error3(405, 'Method not allowed');
    const next = { ...hook, ...sent, updated_at: Math.floor(this.#now() / 1000) };
    this.#hooks.set(id, next);
    return answer({ data: shown(next), meta: {} });
  }

  #add(sent: Partial<Hook> & Pick<Hook, 'scope' | 'destination'>): Hook {
    const id = this.#next++;
    const at = Math.floor(this.#now() / 1000);
    const { scope, destination, headers = null, is_active = true } = sent;
    const hook = { id, scope, destination, headers, is_active, created_at: at, updated_at: at };
    this.#hooks.set(id, hook);
    return hook;
  }
}

function shown(hook: Hook) {
  return { ...hook, client_id: 'sandbox-client', store_hash: STORE.storeHash };
}

/** HTTPS on its default port only; for a sandbox, this machine too. */
function isAllowed(destination: string): boolean {
  if (!URL.canParse(destination)) return false;
  const { protocol, port, hostname } = new URL(destination);
  return (protocol === 'https:' && port === '') || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function hookIn(body: string): Partial<Hook> | undefined {
  try {
    const { scope, destination, headers, is_active } = JSON.parse(body) as Partial<Hook>;
    return {
      ...(typeof scope === 'string' ? { scope } : {}),
      ...(typeof destination === 'string' ? { destination } : {}),
      ...(typeof headers === 'object' ? { headers } : {}),
      ...(typeof is_active === 'boolean' ? { is_active } : {}),
    };
  } catch {
    return undefined;
  }
}
