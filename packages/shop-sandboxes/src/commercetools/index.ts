import { answer, type PlatformView, type ShopPlatform, type ViewContext } from '../frame/index.ts';
import { CONSENT_FIELDS } from './customers.ts';
import { changeCustomer } from './change-customer.ts';
import { error } from './lists.ts';
import { Messages } from './messages.ts';
import { Google, PUSH, pushOf, RETRIES, toldOf } from './push.ts';
import { routesOf } from './routes.ts';
import { Subscriptions } from './subscriptions.ts';
import { CLIENT, Tokens } from './tokens.ts';

const PROJECT = 'sandbox';
const KEYS = '/oauth2/v3/certs';

/** A project at commercetools, with Google Pub/Sub as its queue: notifications are pushed to the configured webhook. */
export const commercetools: ShopPlatform = {
  slug: 'commercetools',
  name: 'commercetools',
  traits: { edits: 'inPlace', silent: ['refund', 'stock', 'comment'] },
  open,
};

function open(context: ViewContext): PlatformView {
  const { url, webhookUrl } = context;
  const tokens = new Tokens(context);
  const routes = routesOf(context);
  const subscriptions = new Subscriptions(context.now);
  const google = new Google();
  const messages = new Messages(context.model);
  return {
    get settings() {
      const queue = { pubSubTopic: 'projects/sandbox/topics/shop', pushKeysUrl: `${url()}${KEYS}`, ...PUSH };
      return {
        projectKey: PROJECT,
        ...CLIENT,
        apiUrl: url(),
        authUrl: url(),
        emailConsentField: CONSENT_FIELDS.email,
        smsConsentField: CONSENT_FIELDS.sms,
        variantAttributes: ['color', 'size'],
        ...(webhookUrl === undefined ? {} : queue),
      };
    },
    retries: RETRIES,
    handle: (request) => {
      if (request.path === KEYS) return answer(google.published());
      if (request.path === '/oauth/token') return tokens.grant(request, PROJECT);
      const refusal = tokens.refusal(request);
      if (refusal !== undefined) return refusal;
      const [project, list = '', id] = request.path.slice(1).split('/').map(decodeURIComponent);
      if (project !== PROJECT)
        return error(404, 'ResourceNotFound', `The project '${project}' was not found.`);
      if (list === 'subscriptions') return subscriptions.answer(request, id);
      if (list === 'customers' && request.method === 'POST')
        return changeCustomer(context, id ?? '', request.body);
      if (list === 'messages') return messages.answer(request.method, request.query);
      const route = routes.get(list);
      if (route === undefined) return error(404, 'ResourceNotFound', 'URI not found.');
      return request.method === 'GET'
        ? route(request.query, id)
        : error(405, 'MethodNotAllowed', 'This sandbox is read only.');
    },
    deliveriesOf: (change) => {
      messages.add(change);
      return webhookUrl === undefined
        ? []
        : toldOf(change, PROJECT).map((told, at) =>
            pushOf(`${change.seq}-${at}`, told, { url: webhookUrl, google }),
          );
    },
    failure: (status) => error(status, 'General', `Error ${status}`),
  };
}
